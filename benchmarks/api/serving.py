"""The HTTP servers that are measured: one uvicorn process each, over the same Redis."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import urlopen

from benchmarks.celery_peer.environment import celery_python
from benchmarks.processes import ROOT
from benchmarks.server import Server

START_LIMIT = 15.0
"""Seconds until a started process must answer."""
QUIET = ("-m", "uvicorn", "--log-level", "warning", "--no-access-log")
PIPELINES = "benchmarks.pipelines:noop,worker.pipelines.predict:predict,worker.pipelines.predict:predict_batch"


@dataclass(frozen=True)
class Served:
    """A server to start.

    Args:
        ready: what it answers once it is there.
    """

    command: Sequence[str]
    ready: str = "/openapi.json"


def docmill() -> Served:
    """The whole API."""
    return Served((sys.executable, "-m", "api"), "/healthz")


def bare() -> Served:
    """FastAPI and one EVALSHA."""
    return Served((sys.executable, *QUIET, "benchmarks.api.bare:app"))


def guide() -> Served:
    """FastAPI and Celery, in Celery's environment."""
    return Served((str(celery_python()), *QUIET, "benchmarks.celery_peer.guide:app"))


@contextmanager
def serving(served: Served, server: Server, folder: str) -> Generator[int, None, None]:
    """For as long as the block lasts; its port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {
        **os.environ,
        "DOCMILL_REDIS_URL": server.url,
        "DOCMILL_DATA_DIR": folder,
        "DOCMILL_PIPELINES": PIPELINES,
        "DOCMILL_LOG_LEVEL": "warning",  # a line a request is off on all sides
        "CELERY_BROKER_URL": server.url,
        "CELERY_RESULT_BACKEND": server.url,
        "PYTHONPATH": str(ROOT),
    }
    process = subprocess.Popen([*served.command, "--port", str(port)], cwd=ROOT, env=environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}{served.ready}")
        yield port
    finally:
        process.terminate()
        process.wait(15)


def _wait_for(address: str) -> None:
    end = time.monotonic() + START_LIMIT
    while True:
        try:
            with urlopen(address):
                return
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.05)
