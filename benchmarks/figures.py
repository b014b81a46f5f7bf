"""The figures of a run: which there are, and how they are shown and written."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

Figures = dict[str, float | None]

RECORDED = (
    "steps_per_second",
    "documents_per_second",
    "submits_per_second",
    "round_trips_per_document",
    "pickup_p50_ms",
    "pickup_p99_ms",
    "bytes_per_queued_document",
    "bytes_per_finished_document",
    "ceiling_evalsha_per_second",
    "celery_steps_per_second",
    "celery_documents_per_second",
)
"""What a whole run writes; what was asked for beside it is shown and written too, Celery's other figures only shown."""

ROWS = {
    "steps_per_second": "no-op steps a second",
    "one_step_documents_per_second": "1-step documents a second",
    "documents_per_second": "4-step documents a second",
    "submits_per_second": "4-step documents submitted a second",
    "round_trips_per_document": "round trips a 4-step document",
    "pickup_p50_ms": "idle pickup, median, ms",
    "pickup_p99_ms": "idle pickup, 99th percentile, ms",
    "bytes_per_queued_document": "bytes a queued 4-step document",
    "bytes_per_finished_document": "bytes a finished 4-step document",
    "ceiling_evalsha_per_second": "ceiling: acknowledge + claim by redis-py's EVALSHA, a second",
    "recovery_seconds": "seconds from kill -9 of a slot to the job's next run",
    "backlog_documents": "documents waiting",
    "backlog_steps_per_second": "no-op steps a second while they wait",
}


def show(figures: Figures, conditions: str) -> None:
    """Print a table."""
    table = Table(title="docmill beside Celery", caption=conditions)
    table.add_column("one worker, one slot")
    table.add_column("docmill", justify="right")
    table.add_column("Celery", justify="right")
    for name, words in ROWS.items():
        if name in figures or f"celery_{name}" in figures:
            table.add_row(words, _readable(figures.get(name)), _readable(figures.get(f"celery_{name}")))
    Console().print(table)


def write(figures: Figures, path: Path) -> None:
    """Write one flat JSON object."""
    names = [*RECORDED, *(name for name in ROWS if name not in RECORDED and name in figures)]
    path.write_text(json.dumps({name: _rounded(figures.get(name)) for name in names}, indent=2) + "\n")


def _readable(value: float | None) -> str:
    if value is None:
        return ""
    return f"{value:,.0f}" if value >= 100 else f"{value:.2f}"


def _rounded(value: float | None) -> float | None:
    if value is None:
        return None
    return round(value) if value >= 1000 else round(value, 3)
