"""What counting costs: no-op chains as shipped and scraped as shipped, beside the same without counting, in pairs.

    python -m benchmarks.counting [--documents N] [--pairs N] [--json FILE]

Not a switch of docmill: the side without runs a function library whose counting was cut out here.
"""

import argparse
import asyncio
import json
import socket
import statistics
import tempfile
import threading
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx

from benchmarks.board import Board
from benchmarks.docmill_peer import DocmillPeer
from benchmarks.measuring import CHAIN, Bench, warm
from benchmarks.pinning import Pin, choose_cores, on_core
from benchmarks.server import running_server
from orchestrator.client import Mill
from orchestrator.lua import library
from orchestrator.outlook.figures import read_figures

CUT = (
    "redis.call('HINCRBY', STATS, field, by or '1')",
    "local _, exponent = math.frexp((ms > 1 and ms or 1) - 0.5)\n",
)
"""How a counter is raised, and how a bucket is found, in `lua/lib/facts.lua`."""
INSTEAD = "", "do return end\n"
LEASE, PERIOD = 30.0, 15.0
"""Seconds; the period as in grafana/prometheus/prometheus.yml."""


def main() -> None:
    """Measure, print, and write what was asked for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.counting", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--documents", type=int, default=50_000, metavar="N", help="of four steps, in each run")
    parser.add_argument("--pairs", type=int, default=5, metavar="N", help="runs with and without")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    options = parser.parse_args()
    cores = choose_cores(Pin.SAME)
    with tempfile.TemporaryDirectory(prefix="docmill-counting-") as name:
        folder = Path(name)
        with running_server(folder, cores.server) as server, on_core(cores.rest):
            bench = Bench(server, Board(folder / "board"), folder)
            pairs = [_pair(bench, number, options.documents) for number in range(options.pairs)]
    ratio = statistics.median(counted / bare for counted, bare in pairs)
    print(f"median of the pairs' ratios: {ratio:.3f}")
    if options.json:
        told = {"counted": [c for c, _ in pairs], "without": [b for _, b in pairs], "median_ratio": round(ratio, 4)}
        options.json.write_text(json.dumps(told, indent=2) + "\n")


def _pair(bench: Bench, number: int, documents: int) -> tuple[int, int]:
    """Steps a second with and without; every other pair begins with the other, as machines warm up and slow down."""
    sides = (_counted, _without) if number % 2 == 0 else (_without, _counted)
    rates = {side: round(side(bench, documents)) for side in sides}
    print(f"counted {rates[_counted]:,} steps/s, without {rates[_without]:,}", flush=True)
    return rates[_counted], rates[_without]


def _counted(bench: Bench, documents: int) -> float:
    _load(bench, library().text)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    peer = DocmillPeer(bench, {"DOCMILL_METRICS_PORT": str(port)})
    rate = _rate(bench, peer, documents, port)
    if not bench.server.client.hlen("docmill:{s0}:stats"):  # pyright: ignore[reportUnknownMemberType]
        raise SystemExit("nothing was counted: the comparison would say nothing")
    return rate


def _without(bench: Bench, documents: int) -> float:
    _load(bench, _cut(library().text))
    rate = _rate(bench, DocmillPeer(bench), documents, None)
    if bench.server.client.hlen("docmill:{s0}:stats"):  # pyright: ignore[reportUnknownMemberType]
        raise SystemExit("something was counted all the same: the comparison would say nothing")
    return rate


def _load(bench: Bench, text: str) -> None:
    """Under the name that docmill looks for: it finds it loaded, and runs it."""
    bench.server.client.execute_command("FUNCTION", "LOAD", "REPLACE", text)  # pyright: ignore[reportUnknownMemberType]


def _cut(text: str) -> str:
    for found, instead in zip(CUT, INSTEAD, strict=True):
        if text.count(found) != 1:
            raise SystemExit(f"the library counts in another way now; look for this in lua/lib/facts.lua: {found}")
        text = text.replace(found, instead)
    return text


def _rate(bench: Bench, peer: DocmillPeer, documents: int, port: int | None) -> float:
    warm(bench, peer, "chain")
    peer.submit("chain", documents)
    with peer.worker() as worker, _watching(peer, port):
        worker.wait(lambda: bench.board.documents >= documents)
        return CHAIN * documents / bench.board.seconds


@contextmanager
def _watching(peer: DocmillPeer, port: int | None) -> Generator[None]:
    """The worker is scraped, and the figures of `/metrics` are read: as Prometheus would have them."""
    if port is None:
        yield
        return
    over = threading.Event()

    async def look(mill: Mill) -> None:
        while not over.is_set():
            with suppress(httpx.TransportError):  # it has not begun to listen
                await asyncio.to_thread(httpx.get, f"http://127.0.0.1:{port}/metrics")
            await read_figures(mill.transport, LEASE)
            await asyncio.to_thread(over.wait, PERIOD)

    watcher = threading.Thread(target=peer.with_mill, args=(look,))
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


if __name__ == "__main__":
    main()
