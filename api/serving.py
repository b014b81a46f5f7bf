"""The server of one API process."""

import os
import socket

import uvicorn
from fastapi import FastAPI

from orchestrator.errors import UsageError

WAITING = 2048
"""Connections that may wait to be taken, as uvicorn has it."""


class Serving(uvicorn.Server):
    """uvicorn's, which ends open streams at once when it is to end: they go on at another process.

    Args:
        config: of the application.
    """

    def __init__(self, app: FastAPI, config: uvicorn.Config) -> None:
        super().__init__(config)
        self._app = app

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go of who follows, then end."""
        self._app.state.ending.set()
        await super().shutdown(sockets)


def bound(host: str, port: int) -> socket.socket:
    """Listen, before anything is said to be there.

    Raises:
        UsageError: it cannot be listened there.
    """
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        return socket.create_server((host, port), family=family, backlog=WAITING)
    except (OSError, OverflowError) as problem:
        why = _in_words(problem)
        told = f"nothing can listen at {host}, port {port}: {why}. Take another --port, or another --host"
        raise UsageError(told) from None


def _in_words(problem: OSError | OverflowError) -> str:
    """Without what Python adds to it: the address is said already."""
    if isinstance(problem, OverflowError):
        return "ports go up to 65535"
    of_system = problem.errno is not None and problem.errno > 0
    return (os.strerror(problem.errno or 0) if of_system else problem.strerror or str(problem)).lower()
