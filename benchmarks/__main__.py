"""Measure docmill, Celery and the ceiling in one run: print a table, write latest.json.

    python -m benchmarks [--quick] [--pin same|split] [--only PART…] [--backlog N] [--recovery] [--json FILE]

Parts: ceiling, celery, docmill; all of them unless told.
"""

import argparse
import platform
import signal
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import NoReturn

from benchmarks.backlog import measure_backlog
from benchmarks.board import Board
from benchmarks.ceiling import evalsha_per_second
from benchmarks.celery_peer.environment import celery_python
from benchmarks.celery_peer.peer import CeleryPeer
from benchmarks.docmill_peer import DocmillPeer
from benchmarks.figures import Figures, show, write
from benchmarks.measuring import CHAIN, Bench, Peer, measure_documents, steps_per_second
from benchmarks.pickup import measure_pickup
from benchmarks.pinning import Pin, choose_cores, on_core
from benchmarks.recovery import recovery_seconds
from benchmarks.server import running_server
from benchmarks.sizes import FULL, QUICK, Sizes

LATEST = Path(__file__).with_name("latest.json")


def main() -> None:
    """Measure what the options ask for."""
    options = _options()
    signal.signal(signal.SIGTERM, _end)
    with tempfile.TemporaryDirectory(prefix="docmill-bench-") as folder:
        figures, conditions = _measure(options, Path(folder))
    show(figures, conditions)
    if path := options.json or _default_path(options):
        write(figures, path)


def _end(signum: int, frame: object) -> NoReturn:
    raise SystemExit(128 + signum)  # unwinds, so that what we started is stopped too


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of everything; latest.json is left alone")
    parser.add_argument("--pin", type=Pin, choices=list(Pin), default=Pin.SAME, help="one core, or two")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="some parts; latest.json is left alone")
    parser.add_argument("--backlog", type=int, default=0, metavar="N", help="also steps/s with N documents waiting")
    parser.add_argument("--recovery", action="store_true", help="also the time from kill -9 of a slot to the next run")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    return parser.parse_args()


def _default_path(options: argparse.Namespace) -> Path | None:
    return LATEST if options.pin is Pin.SAME and not (options.quick or options.only) else None


def _measure(options: argparse.Namespace, folder: Path) -> tuple[Figures, str]:
    cores, sizes = choose_cores(options.pin), QUICK if options.quick else FULL
    parts: list[str] = options.only or list(PARTS)
    if "celery" in parts:
        celery_python()  # made before anything is pinned
    figures: Figures = {}
    with running_server(folder, cores.server) as server, on_core(cores.rest):
        bench = Bench(server, Board(folder / "board"), folder)
        for part in parts:
            print(f"measuring {part}…", file=sys.stderr)
            figures |= PARTS[part](bench, sizes)
        figures |= _extras(options, bench, sizes)
        return figures, f"{server.version}, Python {platform.python_version()}, pinned {options.pin}"


def _ceiling(bench: Bench, sizes: Sizes) -> Figures:
    return {"ceiling_evalsha_per_second": evalsha_per_second(bench.server, sizes.ceiling_seconds)}


def _celery(bench: Bench, sizes: Sizes) -> Figures:
    peer = CeleryPeer(bench, celery_python())
    figures = _throughput(bench, peer, sizes.celery_steps, sizes.celery_documents)
    return {f"celery_{name}": value for name, value in figures.items()}


def _docmill(bench: Bench, sizes: Sizes) -> Figures:
    peer = DocmillPeer(bench)
    p50, p99 = measure_pickup(bench, peer, sizes.pickups)
    figures = _throughput(bench, peer, sizes.steps, sizes.documents) | {"pickup_p50_ms": p50, "pickup_p99_ms": p99}
    # A document of one step pays for a whole document; Celery's task of one step has no document to pay for.
    figures["one_step_documents_per_second"] = figures["steps_per_second"]
    figures["steps_per_second"] = CHAIN * (figures["documents_per_second"] or 0)
    return figures


def _throughput(bench: Bench, peer: Peer, steps: int, documents: int) -> Figures:
    rate = steps_per_second(bench, peer, steps)
    return {"steps_per_second": rate} | asdict(measure_documents(bench, peer, documents))


def _extras(options: argparse.Namespace, bench: Bench, sizes: Sizes) -> Figures:
    peer, figures = DocmillPeer(bench), Figures()
    if options.backlog:
        figures |= measure_backlog(bench, peer, sizes.steps, options.backlog)
    if options.recovery:
        figures["recovery_seconds"] = recovery_seconds(bench, peer)
    return figures


PARTS: dict[str, Callable[[Bench, Sizes], Figures]] = {"ceiling": _ceiling, "celery": _celery, "docmill": _docmill}

if __name__ == "__main__":
    main()
