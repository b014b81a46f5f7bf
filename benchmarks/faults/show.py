"""The rows in order, as a table and as one flat JSON object."""

import json
from collections.abc import Mapping
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.faults.seen import BOUND, Seen

ROWS = {
    "soft": "soft limit of 1 s in a Python loop",
    "hard": "hard limit of 2 s in C, GIL released (pthread deadlock)",
    "hard-gil": "hard limit of 2 s in C, GIL held",
    "hard-model": "hard limit of 2 s; the model takes 3 s to load",
    "hard-standby": "the same with a process that stands by",
    "cancel-looks": "cancel of a running job that looks",
    "cancel-deaf": "cancel of a running job that does not",
    "sigkill": "SIGKILL of the process that runs the job",
    "sigsegv": "SIGSEGV in the job, each time it runs",
    "exit": "os._exit(7) in the job, each time it runs",
    "max-rss": "600 MiB taken, 400 MiB allowed",
    "memory-error": "MemoryError, each time it runs",
    "lease": "a job of 15 s that holds the GIL, lease (visibility timeout) 2 s, two workers",
    "sigstop": "SIGSTOP of a whole worker for 4 s, lease (visibility timeout) 2 s, two workers",
    "batch": "SIGKILL in a batch of 8",
    "drain": "SIGTERM with 25 of 30 jobs waiting",
}
Results = Mapping[str, Mapping[str, Seen]]
"""Side -> row -> what was seen."""


def show(results: Results, conditions: str) -> None:
    """Print a table; s is from the fault, or from the passing of the limit, to the start of the next job."""
    table = Table(title="Faults: docmill beside Celery solo", caption=conditions, show_lines=True)
    table.add_column("fault", ratio=3)
    for side in results:
        table.add_column(f"{'Celery solo' if side == 'celery' else side}: seen", ratio=5)
        table.add_column("s", justify="right", no_wrap=True)
    for row, words in ROWS.items():
        cells = [results[side].get(row) for side in results]
        if any(cells):
            table.add_row(words, *(text for cell in cells for text in _cells(cell)))
    Console().print(table)


def write(results: Results, path: Path) -> None:
    """Write `<row>_<side>` (words), `…_seconds` (null: not within the bound, or a row that counts) and `…_runs`."""
    flat: dict[str, object] = {"bound_seconds": BOUND}
    for row in ROWS:
        for side, seen in results.items():
            name, cell = f"{row.replace('-', '_')}_{side}", seen[row]
            seconds = None if cell.seconds is None else round(cell.seconds, 3)
            flat |= {name: cell.words, f"{name}_seconds": seconds, f"{name}_runs": cell.runs}
    path.write_text(json.dumps(flat, indent=2, ensure_ascii=False) + "\n")


def _cells(cell: Seen | None) -> tuple[str, str]:
    return ("", "") if cell is None else (cell.words, cell.time)
