"""A throw-away server: Valkey from its wheel, on a unix socket, with nothing of anybody else's in it."""

import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from orchestrator.embedded.valkey import binary
from orchestrator.errors import NotStarted
from worker.testing.tied import tied

START_LIMIT = 10.0
"""Seconds until a started server must answer."""


class Server:
    """One server process. It ends with this process, whatever happens to it.

    Args:
        folder: for its socket and its files; a short path, as a socket's must be.
        options: more words of its command line.

    Raises:
        MissingPart: the package `docmill[embedded]` is not installed.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self.socket = folder / "s"
        self.url = f"unix://{self.socket}"
        at_once = Retry(NoBackoff(), 0)
        self.redis: Any = Redis(unix_socket_path=str(self.socket), decode_responses=True, protocol=2, retry=at_once)
        words = [binary(), "--port", "0", "--unixsocket", str(self.socket), "--dir", str(folder)]
        self._words = tied([*words, "--save", "", "--appendonly", "no", *options])
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers.

        Raises:
            NotStarted: it ended, or did not answer in time.
        """
        self._process = subprocess.Popen(self._words, stdout=subprocess.DEVNULL)
        give_up = time.monotonic() + START_LIMIT
        while True:
            try:
                self.redis.ping()
                return
            except RedisError as problem:
                if self._process.poll() is not None or time.monotonic() > give_up:
                    self.kill()
                    raise NotStarted(f"the throw-away server did not start: {problem}") from None
                time.sleep(0.01)

    def empty(self) -> None:
        """Forget every document."""
        self.redis.flushall()

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()


@contextmanager
def running_server(folder: Path | None = None, *options: str) -> Generator[Server]:
    """A server for as long as the block lasts.

    Args:
        folder: None is a temporary one.
    """
    if folder is None:
        with TemporaryDirectory(prefix="dm") as own, running_server(Path(own), *options) as server:
            yield server
        return
    server = Server(folder, *options)
    server.start()
    try:
        yield server
    finally:
        server.kill()
        server.redis.close()
