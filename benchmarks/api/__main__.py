"""Measure the REST API beside a bare FastAPI endpoint, in one run.

    python -m benchmarks.api [--seconds S] [--listeners N] [--pin same|split]

Submits a second, with 1, 16 and 64 clients on one uvicorn process each; then again while N listeners follow documents.
"""

import argparse
import asyncio
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

from benchmarks.api.clients import SUBMISSION, Rate, answer, listen, request, submit_for
from benchmarks.pinning import Pin, choose_cores, on_core
from benchmarks.processes import ROOT
from benchmarks.server import Server, running_server

CLIENTS = (1, 16, 64)
START_LIMIT = 15.0
"""Seconds until a started process must answer."""
DOCUMENTS = 50
"""That the listeners follow, in turns."""


def main() -> None:
    """Measure, and print a table."""
    options = _options()
    cores = choose_cores(options.pin)
    with (
        tempfile.TemporaryDirectory(prefix="docmill-bench-") as folder,
        running_server(Path(folder), cores.server) as server,
    ):
        with on_core(cores.rest), _running(_bare(), server, folder, "/openapi.json") as port:
            bare = {clients: asyncio.run(submit_for(port, clients, options.seconds)) for clients in CLIENTS}
        server.flush()
        with on_core(cores.rest), _running(_docmill(), server, folder, "/healthz") as port:
            ours = {clients: asyncio.run(submit_for(port, clients, options.seconds)) for clients in CLIENTS}
            before, followed, connections = asyncio.run(_listened(port, options.listeners, options.seconds, server))
    print("clients | bare /s, p50, p99 ms | docmill /s, p50, p99 ms | share")
    for clients in CLIENTS:
        share = ours[clients].per_second / bare[clients].per_second
        print(f"{clients} | {_told(bare[clients])} | {_told(ours[clients])} | {share:.2f}")
    print(f"16 clients, just before the listeners: {_told(before)}")
    print(
        f"16 clients, {options.listeners} listeners: {_told(followed)}; {connections} connections to the server in all"
    )


async def _listened(port: int, listeners: int, seconds: float, server: Server) -> tuple[Rate, Rate, int]:
    before = await submit_for(port, 16, seconds)
    ids = [await _submitted(port) for _ in range(DOCUMENTS)]
    paths = [f"/v1/documents/{ids[number % DOCUMENTS]}/events" for number in range(listeners)]
    kept = [await listen(port, path) for path in paths]
    followed = await submit_for(port, 16, seconds)
    connections = int(server.client.info("clients")["connected_clients"])  # pyright: ignore
    del kept
    return before, followed, connections


async def _submitted(port: int) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("POST", "/v1/documents", SUBMISSION))
    _, body = await answer(reader)
    writer.close()
    return body.partition(b'"id":"')[2].partition(b'"')[0].decode()


def _bare() -> list[str]:
    return [*_uvicorn(), "benchmarks.api.bare:app"]


def _uvicorn() -> list[str]:
    return [sys.executable, "-m", "uvicorn", "--log-level", "warning", "--no-access-log"]


def _docmill() -> list[str]:
    return [sys.executable, "-m", "api"]


@contextmanager
def _running(command: list[str], server: Server, folder: str, path: str) -> Generator[int, None, None]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {
        **os.environ,
        "DOCMILL_REDIS_URL": server.url,
        "DOCMILL_DATA_DIR": folder,
        "DOCMILL_PIPELINES": "benchmarks.pipelines:noop",
    }
    process = subprocess.Popen([*command, "--port", str(port)], cwd=ROOT, env=environment)
    try:
        _wait_for(f"http://127.0.0.1:{port}{path}")
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


def _told(rate: Rate) -> str:
    odd = f", {rate.others} not 2xx" if rate.others else ""
    return f"{rate.per_second:.0f}, {rate.p50_ms:.2f}, {rate.p99_ms:.2f}{odd}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=5.0, help="of each measurement")
    parser.add_argument("--listeners", type=int, default=1_000, help="that follow documents meanwhile")
    parser.add_argument("--pin", type=Pin, choices=list(Pin), default=Pin.SPLIT, help="one core, or two")
    return parser.parse_args()


if __name__ == "__main__":
    main()
