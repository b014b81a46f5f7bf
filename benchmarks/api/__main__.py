"""Measure the REST API beside a bare FastAPI endpoint and beside the guide's FastAPI + Celery, in one run.

    python -m benchmarks.api [--seconds S] [--rounds N] [--listeners N] [--pin same|split]

Submits a second, with 1, 16 and 64 clients on one uvicorn process each, in turns; then again while N listeners follow
documents. Bare and docmill run on the same uvicorn, with httptools and uvloop; the guide on what its own commands install.
"""

import argparse
import asyncio
import statistics
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.api import serving
from benchmarks.api.clients import DOCUMENT, GUIDE, PREDICTION, Rate, answer, ask_for, listen, request
from benchmarks.pinning import Pin, choose_cores, on_core
from benchmarks.server import Server, running_server

CLIENTS = (1, 16, 64)
DOCUMENTS = 50
"""That the listeners follow, in turns."""

Rates = dict[int, list[Rate]]
"""By the number of clients, one of each round."""
TOLD = (
    ("bare: FastAPI, one EVALSHA", serving.bare, DOCUMENT),
    ("docmill: POST /v1/documents", serving.docmill, DOCUMENT),
    ("docmill: POST /v1/predict", serving.docmill, PREDICTION),
    ("guide: FastAPI, Celery's .delay()", serving.guide, GUIDE),
)
"""What is measured: its name, who serves it, what is asked."""


def main() -> None:
    """Measure, and print a table."""
    options = _options()
    cores = choose_cores(options.pin)
    with (
        tempfile.TemporaryDirectory(prefix="docmill-bench-") as folder,
        running_server(Path(folder), cores.server) as server,
        on_core(cores.rest),
    ):
        rates = _in_turns(server, folder, options.seconds, options.rounds)
        server.flush()
        with serving.serving(serving.docmill(), server, folder) as port:
            before, followed, connections = asyncio.run(_listened(port, options.listeners, options.seconds, server))
    _show(rates)
    print(f"16 clients, just before the listeners: {_told(before)}")
    print(
        f"16 clients, {options.listeners} listeners: {_told(followed)}; {connections} connections to the server in all"
    )


def _in_turns(server: Server, folder: str, seconds: float, rounds: int) -> dict[str, Rates]:
    """Each is asked for a while, then the next, then all again: a machine that others share changes its pace meanwhile."""
    rates: dict[str, Rates] = {name: {clients: [] for clients in CLIENTS} for name, *_ in TOLD}
    with ExitStack() as stack:
        makers = {maker for _, maker, _ in TOLD}
        ports = {maker: stack.enter_context(serving.serving(maker(), server, folder)) for maker in makers}
        for clients in CLIENTS:
            for _ in range(rounds):
                for name, maker, asked in TOLD:
                    rates[name][clients].append(asyncio.run(ask_for(ports[maker], asked, clients, seconds)))
    return rates


async def _listened(port: int, listeners: int, seconds: float, server: Server) -> tuple[Rate, Rate, int]:
    before = await ask_for(port, DOCUMENT, 16, seconds)
    ids = [await _submitted(port) for _ in range(DOCUMENTS)]
    paths = [f"/v1/documents/{ids[number % DOCUMENTS]}/events" for number in range(listeners)]
    kept = [await listen(port, path) for path in paths]
    followed = await ask_for(port, DOCUMENT, 16, seconds)
    connections = int(server.client.info("clients")["connected_clients"])  # pyright: ignore
    del kept
    return before, followed, connections


async def _submitted(port: int) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request("POST", *DOCUMENT))
    _, body = await answer(reader)
    writer.close()
    return body.partition(b'"id":"')[2].partition(b'"')[0].decode()


def _show(rates: dict[str, Rates]) -> None:
    table = Table("a second, p50 ms, p99 ms", *(f"{clients} clients" for clients in CLIENTS))
    for name, of in rates.items():
        table.add_row(name, *(_told(_usual(of[clients])) for clients in CLIENTS))
    bare, documents, predictions, guide = rates.values()
    for name, ours, theirs in (("documents / bare", documents, bare), ("predict / guide", predictions, guide)):
        table.add_row(name, *(f"{_ratio(ours[clients], theirs[clients]):.2f}" for clients in CLIENTS))
    Console(width=110).print(table)


def _usual(of: Sequence[Rate]) -> Rate:
    """The round in the middle."""
    return sorted(of, key=lambda rate: rate.per_second)[len(of) // 2]


def _ratio(ours: Sequence[Rate], theirs: Sequence[Rate]) -> float:
    """The median of the rounds' own."""
    return statistics.median(one.per_second / other.per_second for one, other in zip(ours, theirs, strict=True))


def _told(rate: Rate) -> str:
    odd = f", {rate.others} not 2xx" if rate.others else ""
    return f"{rate.per_second:.0f}, {rate.p50_ms:.2f}, {rate.p99_ms:.2f}{odd}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.api", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--seconds", type=float, default=2.0, help="of each measurement")
    parser.add_argument("--rounds", type=int, default=5, help="of which the median is told")
    parser.add_argument("--listeners", type=int, default=1_000, help="that follow documents meanwhile")
    parser.add_argument("--pin", type=Pin, choices=list(Pin), default=Pin.SPLIT, help="one core, or two")
    return parser.parse_args()


if __name__ == "__main__":
    main()
