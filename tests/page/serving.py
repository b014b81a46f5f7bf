"""`python -m api` for tests that look at its page: started, ended, started again at the same address."""

import os
import signal
import subprocess
import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx

from tests.documents.fakes import free_port
from tests.support.workers import ROOT, wait_until
from worker.testing.tied import tied

NAMES = ("shouting", "chain", "moods")
PIPELINES = (*(f"tests.support.pipelines:{name}" for name in NAMES), "tests.page.pipelines:paged")


class Api:
    """An API process, which may be ended and started again.

    Args:
        url: of Redis.
        pipelines: `module:attribute` of each.
    """

    def __init__(self, url: str, folder: Path, pipelines: tuple[str, ...] = PIPELINES, host: str = "127.0.0.1") -> None:
        self.port, self._host = free_port(), host
        self.address = f"http://127.0.0.1:{self.port}"
        settings = {"REDIS_URL": url, "DATA_DIR": str(folder), "PIPELINES": ",".join(pipelines), "LEASE": "30"}
        self._environment = {**os.environ, **{f"DOCMILL_{name}": value for name, value in settings.items()}}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [sys.executable, "-m", "api", "--host", self._host, "--port", str(self.port)]
        self._process = subprocess.Popen(tied(command), cwd=ROOT, env=self._environment)
        wait_until(self._answers, "the API answers")

    def end(self) -> None:
        """SIGTERM, and wait until it has ended."""
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(20)
            self._process = None

    def _answers(self) -> bool:
        try:
            return httpx.get(f"{self.address}/healthz").status_code == 200
        except httpx.TransportError:
            return False


@contextmanager
def running_api(
    url: str, folder: Path, pipelines: tuple[str, ...] = PIPELINES, host: str = "127.0.0.1"
) -> Generator[Api]:
    """An API process for as long as the block lasts."""
    api = Api(url, folder, pipelines, host)
    api.start()
    try:
        yield api
    finally:
        api.end()
