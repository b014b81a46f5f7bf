"""Measure what a resident model, affinity, batching and a process that stands by bring: print a table, write models.json.

    python -m benchmarks.models [--only PART…] [--json FILE]

Parts: affinity, batching, gaps, recovery; all of them unless told. They use the first card where there is one.
"""

import argparse
import asyncio
import platform
import signal
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

from benchmarks.figures import Figures
from benchmarks.models.affinity import measure_affinity
from benchmarks.models.batching import measure_batching
from benchmarks.models.gaps import measure_gaps
from benchmarks.models.recovery import measure_recovery
from benchmarks.models.setting import Setting, device_name, make_setting
from benchmarks.models.show import show, write
from benchmarks.pinning import Pin, choose_cores
from benchmarks.server import running_server

LATEST = Path(__file__).parent.with_name("models.json")
PARTS = {
    "affinity": measure_affinity,
    "batching": measure_batching,
    "gaps": measure_gaps,
    "recovery": measure_recovery,
}


def main() -> None:
    """Measure what the options ask for."""
    options = _options()
    signal.signal(signal.SIGTERM, _end)
    with tempfile.TemporaryDirectory(prefix="docmill-models-") as name:
        folder = Path(name)
        with running_server(folder, choose_cores(Pin.SAME).server) as server:
            figures = asyncio.run(_measure(make_setting(server, folder), options.only or list(PARTS)))
            device, version = device_name(), server.version
    show(figures, f"{device}, {version}, Python {platform.python_version()}, not pinned")
    if path := options.json or (None if options.only else LATEST):
        write(figures, device, path)


def _end(signum: int, frame: object) -> NoReturn:
    raise SystemExit(128 + signum)  # unwinds, so that what we started is stopped too


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.models", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="+", choices=PARTS, help="some parts; models.json is left alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    return parser.parse_args()


async def _measure(setting: Setting, parts: list[str]) -> Figures:
    figures: Figures = {}
    for part in parts:
        print(f"measuring {part}…", file=sys.stderr)
        figures |= await PARTS[part](setting)
    return figures


if __name__ == "__main__":
    main()
