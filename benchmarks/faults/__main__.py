"""Bring about every fault there is and see what becomes of the worker: docmill beside Celery solo.

    python -m benchmarks.faults [--only docmill|celery] [--json FILE] [ROW…]

Rows: soft, hard, hard-gil, hard-model, hard-standby, cancel-looks, cancel-deaf, sigkill, sigsegv, exit, max-rss,
memory-error, lease, sigstop, batch, drain; all of them unless told.
"""

import argparse
import asyncio
import os
import platform
import signal
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from benchmarks.celery_peer.environment import celery_python
from benchmarks.faults.celery_counts import CELERY
from benchmarks.faults.celery_side import CelerySide
from benchmarks.faults.docmill_counts import DOCMILL
from benchmarks.faults.docmill_side import DocmillSide
from benchmarks.faults.journal import Journal
from benchmarks.faults.seen import Seen
from benchmarks.faults.show import ROWS, Results, show, write
from benchmarks.pinning import Pin, choose_cores
from benchmarks.processes import Stuck
from benchmarks.server import Server, running_server

LATEST = Path(__file__).parent.with_name("faults.json")
SIDES = ("docmill", "celery")


def main() -> None:
    """Measure what the options ask for."""
    options = _options()
    signal.signal(signal.SIGTERM, _end)
    rows: list[str] = options.rows or list(ROWS)
    sides: list[str] = [options.only] if options.only else list(SIDES)
    with tempfile.TemporaryDirectory(prefix="docmill-faults-") as name:
        results, conditions = _results(Path(name), sides, rows)
    show(results, conditions)
    whole = not options.only and not options.rows
    if path := options.json or (LATEST if whole else None):
        write(results, path)


def _results(folder: Path, sides: list[str], rows: list[str]) -> tuple[Results, str]:
    with running_server(folder, choose_cores(Pin.SAME).server) as server:
        results = {side: {row: _seen(side, row, server, folder) for row in rows} for side in sides}
        cores = len(os.sched_getaffinity(0))
        return results, f"{server.version}, Python {platform.python_version()}, {cores} cores, not pinned"


def _end(signum: int, frame: object) -> NoReturn:
    raise SystemExit(128 + signum)  # unwinds, so that what we started is stopped too


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.faults", description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help=f"some rows ({', '.join(ROWS)}); faults.json is left alone"
    )
    parser.add_argument("--only", choices=SIDES, help="one side; faults.json is left alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write there what was seen")
    options = parser.parse_args()
    if unknown := set(options.rows) - set(ROWS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}; there are {', '.join(ROWS)}")
    return options


def _seen(side: str, row: str, server: Server, folder: Path) -> Seen:
    """One cell; what the script could not bring about is said in its place."""
    print(f"{side}: {row}…", file=sys.stderr)
    server.flush()
    journal = Journal(folder / "journal")
    journal.clear()
    try:
        if side == "docmill":
            return asyncio.run(_docmill(row, DocmillSide(server, journal, folder)))
        return CELERY[row](CelerySide(server, journal, folder, celery_python()))
    except (Stuck, TimeoutError) as problem:
        print(problem, file=sys.stderr)
        return Seen(f"the script came no further: {str(problem).splitlines()[0]}")


async def _docmill(row: str, side: DocmillSide) -> Seen:
    return await DOCMILL[row](side)


if __name__ == "__main__":
    main()
