"""`python -m benchmarks.reading CORPUS`: resolution, batch and the detector's margin, measured; a table, and JSON beside it.

Seconds are of the processor, all threads together, so that a busy machine does not change the choice; the seconds that
passed are in the JSON.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

WRITTEN = Path(__file__).parents[1] / "reading.json"
RESOLUTION, BATCH, UNCLIP = 150, 1, 1.8
"""What docmill uses; one of them is changed at a time."""
SETTINGS = [
    *((resolution, BATCH, UNCLIP) for resolution in (150, 100, 200, 300)),
    *((RESOLUTION, batch, UNCLIP) for batch in (6, 16)),
    (RESOLUTION, BATCH, 1.4),
]
HEAD = "| dpi | batch | margin | recall | precision | CPU s/page | recall, made scans | CPU s/page | peak MB |"


def main(corpus: str) -> None:
    """Measure every setting, print the table, write the figures."""
    print(HEAD, "| --- " * 9 + "|", sep="\n")
    found: list[dict[str, Any]] = []
    for setting in SETTINGS:
        command = [sys.executable, "-m", "benchmarks.reading.one", corpus, *map(str, setting)]
        ended = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
        found.append(json.loads(ended.stdout.splitlines()[-1]) | {"load": round(os.getloadavg()[0], 1)})
        print(_row(found[-1]), flush=True)
        WRITTEN.write_text(json.dumps({"cores": os.cpu_count(), "settings": found}, indent=1) + "\n")


def _row(one: dict[str, Any]) -> str:
    scans, made = one["scans"], one["made"]
    figures = [one["resolution"], one["batch"], one["unclip"]]
    figures += [f"{scans['recall']:.3f}", f"{scans['precision']:.3f}", f"{scans['cpu_seconds']:.1f}"]
    figures += [f"{made['recall']:.3f}", f"{made['cpu_seconds']:.1f}", one["peak_rss_mb"]]
    return f"| {' | '.join(map(str, figures))} |"


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m benchmarks.reading CORPUS")
    main(sys.argv[1])
