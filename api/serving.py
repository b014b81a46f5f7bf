"""The server of one API process."""

import socket

import uvicorn
from fastapi import FastAPI


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
