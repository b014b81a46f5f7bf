"""The figures as a table and as one flat JSON object."""

import json
from pathlib import Path

from rich.console import Console
from rich.table import Table

from benchmarks.figures import Figures

ROWS = {
    "affinity_loads": "loads for 100 jobs that alternate over two models, room for one (DOCMILL_AFFINITY=30)",
    "affinity_seconds": "seconds for them; a load takes 0.2 s",
    "no_affinity_loads": "loads with DOCMILL_AFFINITY=0",
    "no_affinity_seconds": "seconds",
    "one_by_one_documents_per_second": "documents a second through a small network, one by one",
    "batched_documents_per_second": "documents a second with Batch(16)",
    "documents_per_batch": "documents in a batch, on average",
    "list_inputs_per_second": "inputs a second of one list of 2,000 (predict_batch, one pass)",
    "gap_bare_p50_us": "from the end of a step to the start of the next, median, µs",
    "gap_bare_p99_us": "99th percentile, µs",
    "gap_resident_p50_us": "the same for a step with a resident model, median, µs",
    "gap_resident_p99_us": "99th percentile, µs",
    "recovery_standby_0_seconds": "from kill -9 of a slot to its job's next run, nobody stands by, median of 10, s",
    "recovery_standby_0_longest_seconds": "the longest of them, s",
    "recovery_standby_1_seconds": "the same while a process stands by, median of 10, s",
    "recovery_standby_1_longest_seconds": "the longest of them, s",
}


def show(figures: Figures, conditions: str) -> None:
    """Print a table."""
    table = Table(title="docmill: models, one worker, one gpu slot", caption=conditions)
    table.add_column("")
    table.add_column("docmill", justify="right")
    for name, words in ROWS.items():
        if (value := figures.get(name)) is not None:
            table.add_row(words, f"{value:,.0f}" if value >= 100 or name.endswith("_loads") else f"{value:.2f}")
    Console().print(table)


def write(figures: Figures, device: str, path: Path) -> None:
    """Write the figures, and the device that they were measured on."""
    rounded = {name: None if value is None else round(value, 3) for name, value in figures.items()}
    path.write_text(json.dumps({"device": device, **rounded}, indent=2) + "\n")
