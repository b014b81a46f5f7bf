"""Measure that a page of a long list costs what any other does: all of 100,000 documents, page by page, over REST.

python -m benchmarks.api.listing [--documents N] [--limit ROWS]
"""

import argparse
import asyncio
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from benchmarks.api import serving
from benchmarks.server import Server, running_server
from orchestrator.client import Mill
from orchestrator.ids import new_id
from orchestrator.settings import Settings

PIPELINE = "benchmarks.pipelines:noop"
CHUNK = 100
"""Documents that one call submits."""
TENTHS = 10


def main() -> None:
    """Submit, list, print."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.api.listing", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--documents", type=int, default=100_000)
    parser.add_argument("--limit", type=int, default=200, help="rows a page")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="docmill-bench-") as folder, running_server(Path(folder), 0) as server:
        asyncio.run(_submit(server, Path(folder), options.documents))
        with serving.serving(serving.docmill(), server, folder) as port:
            _show(*_walk(f"http://127.0.0.1:{port}/v1/documents?limit={options.limit}", server), options.documents)


async def _submit(server: Server, folder: Path, documents: int) -> None:
    async with Mill.connect(server.url, Settings(redis_url=server.url, data_dir=folder, pipelines=(PIPELINE,))) as mill:
        await mill.submit("noop", {"document": "0"})  # the server knows the pipeline from now on
        name = mill.registry.named("noop").id
        for first in range(1, documents, CHUNK):
            some = [(new_id(), b'{"document":"0"}') for _ in range(min(CHUNK, documents - first))]
            await mill.transport.send(mill.calls.submit(name, some))


def _walk(address: str, server: Server) -> tuple[list[float], list[int], int]:
    """The seconds and the server's commands of each page; how many documents were seen."""
    seconds, commands, seen = list[float](), list[int](), set[str]()
    with httpx.Client() as client:
        at: str | None = address
        while at is not None:
            before, begun = _processed(server), time.perf_counter()
            page = client.get(at)
            seconds.append(time.perf_counter() - begun)
            commands.append(_processed(server) - before)
            seen |= {row["id"] for row in page.json()["documents"]}
            at = page.links["next"]["url"] if "next" in page.links else None
            at = str(httpx.URL(address).join(at)) if at else None
    return seconds, commands, len(seen)


def _processed(server: Server) -> int:
    stats: dict[str, Any] = server.client.info("stats")  # pyright: ignore
    return int(stats["total_commands_processed"])


def _show(seconds: list[float], commands: list[int], seen: int, documents: int) -> None:
    assert seen == documents, f"{seen} of {documents} were seen"
    tenth = max(1, len(seconds) // TENTHS)  # without the very first page, and the last one, which is not full
    first, last = median(seconds[1 : tenth + 1]) * 1000, median(seconds[-tenth - 1 : -1]) * 1000
    print(f"{documents:,} documents in {len(seconds)} pages, each seen once")
    print(f"a page: {first:.2f} ms in the first tenth, {last:.2f} ms in the last: {last / first:.2f} of it")
    few, many = median(commands[1 : tenth + 1]), median(commands[-tenth - 1 : -1])
    print(f"the server's commands a page: {few:.0f} in the first tenth, {many:.0f} in the last")


if __name__ == "__main__":
    main()
