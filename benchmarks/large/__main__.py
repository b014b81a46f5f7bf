"""Measure a batch of 50,000 documents, of which 0.3 % fail, and a fan-out of 10,000 items: counts, bytes, the server's time.

    python -m benchmarks.large [--documents N] [--items N]

One worker with two cpu slots; everything is judged by what the aggregate, and the join, say.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.large.server_time import begin, spent
from benchmarks.processes import running_worker
from benchmarks.server import Server, running_server
from orchestrator.batches.lines import Line
from orchestrator.client import Mill
from orchestrator.settings import Settings

PIPELINES = tuple(f"benchmarks.large.pipelines:{name}" for name in ("one", "tallied", "fanned"))
BAD_ONE_IN = 333
LONG = 600.0
"""Seconds."""


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.large", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=50_000)
    parser.add_argument("--items", type=int, default=10_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="docmill-bench-") as folder, running_server(Path(folder), 0) as server:
        settings = Settings(redis_url=server.url, data_dir=Path(folder), pipelines=PIPELINES, slots="cpu*2")
        asyncio.run(_measure(settings, server, Path(folder), options.documents, options.items))


async def _measure(settings: Settings, server: Server, folder: Path, documents: int, items: int) -> None:
    async with Mill.connect(server.url, settings) as mill:
        await _batch(mill, server, settings, folder, documents)
        await _fan_out(mill, server, settings, folder, items)


async def _batch(mill: Mill, server: Server, settings: Settings, folder: Path, documents: int) -> None:
    before = server.used_memory()
    begin(server.client)
    begun = time.monotonic()
    view = await mill.submit_batch("one", _lines(documents), aggregate="tallied")
    print(f"submitted {documents:,} documents in {time.monotonic() - begun:.1f} s; {spent(server.client).words}")
    print(f"  {(server.used_memory() - before) / documents:,.0f} bytes a queued document")
    begin(server.client)
    begun = time.monotonic()
    with _worker(settings, folder):
        view = await mill.wait_batch(view.id, LONG)
        print(f"  all ended after {time.monotonic() - begun:.1f} s; {spent(server.client).words}")
        aggregate = await mill.wait(f"{view.id}.aggregate", LONG)
    bad = documents // BAD_ONE_IN
    print(f"  {view.succeeded:,} succeeded, {view.failed} failed (meant: {bad}); the aggregate: {aggregate.outputs}")
    print(f"  {(server.used_memory() - before) / documents:,.0f} bytes a finished document")
    stats = await mill.transport.send(mill.calls.stats())
    assert (view.succeeded, view.failed) == (documents - bad, bad)
    assert stats["submitted:tallied:5"] == "1" and aggregate.outputs["tally"]["failed"] == bad


async def _fan_out(mill: Mill, server: Server, settings: Settings, folder: Path, items: int) -> None:
    server.flush()
    before = server.used_memory()
    begin(server.client)
    begun = time.monotonic()
    with _worker(settings, folder):
        document = await mill.submit("fanned", {"count": items})
        view = await mill.wait(document, LONG)
    took, told = time.monotonic() - begun, spent(server.client).words
    print(f"a fan-out of {items:,} items: {took:.1f} s, the worker's start included; {told}")
    result = await mill.output(document, "total")
    print(f"  {view.status}, the join says {result:,}; {(server.used_memory() - before) / items:,.0f} bytes an item")
    assert result == items * (items - 1)


def _lines(documents: int) -> Iterator[Line]:
    for number in range(1, documents + 1):
        yield Line({"number": number, "bad": number % BAD_ONE_IN == 0})


def _worker(settings: Settings, folder: Path) -> Any:
    environment = {
        "DOCMILL_REDIS_URL": settings.redis_url or "",
        "DOCMILL_DATA_DIR": str(folder),
        "DOCMILL_PIPELINES": ",".join(PIPELINES),
        "DOCMILL_SLOTS": settings.slots,
    }
    return running_worker([sys.executable, "-m", "worker"], environment, folder / "worker.log")


if __name__ == "__main__":
    main()
