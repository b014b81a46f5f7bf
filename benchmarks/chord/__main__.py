"""Run the document shop on Celery and on docmill: a batch of 50 with one broken document, and an urgent one.

    python -m benchmarks.chord [--json FILE]

Both sides run the code of `examples/coming_from_celery` as it stands, with one process that runs one job at a time.
"""

import argparse
import datetime
import os
import platform
import tempfile
from pathlib import Path

from benchmarks.celery_peer.environment import PACKAGES, celery_python
from benchmarks.chord.celery_side import CelerySide
from benchmarks.chord.docmill_side import DocmillSide
from benchmarks.chord.seen import show, write
from benchmarks.chord.shop import Shop
from benchmarks.pinning import Pin, choose_cores
from benchmarks.server import Server, running_server

LATEST = Path(__file__).parent.with_name("chord.json")


def main() -> None:
    """Measure, print a table, and write `chord.json`, which docs/coming-from-celery.md shows."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.chord", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--json", type=Path, metavar="FILE", default=LATEST, help="write the figures there")
    options = parser.parse_args()
    python = celery_python()
    with tempfile.TemporaryDirectory(prefix="docmill-chord-") as name:
        folder = Path(name)
        with running_server(folder, choose_cores(Pin.SAME).server) as server:
            seen = {"Celery": CelerySide(server, _shop(folder, "celery"), python).see()}
            server.flush()
            seen["docmill"] = DocmillSide(server, _shop(folder, "docmill")).see()
            conditions = _conditions(server)
    show(seen, conditions)
    write(seen, conditions, options.json)


def _shop(folder: Path, side: str) -> Shop:
    shop = Shop(folder / side)
    shop.folder.mkdir()
    return shop


def _conditions(server: Server) -> str:
    today = datetime.datetime.now(datetime.UTC).date()
    cores = len(os.sched_getaffinity(0))
    celery = f"Celery {PACKAGES[0].rpartition('==')[2]}"
    return f"{today}, {celery}, {server.version}, Python {platform.python_version()}, {cores} cores, not pinned"


if __name__ == "__main__":
    main()
