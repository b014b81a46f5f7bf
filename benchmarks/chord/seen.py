"""What a side made of the batch and of the urgent document."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

PIECES = 210
"""Pieces of work on thirty documents: seven each."""


@dataclass(frozen=True)
class Keys:
    """The keys that a batch left behind.

    Args:
        left: more than there were before it.
        later: of them, by what time has passed since.
    """

    left: int
    later: Mapping[str, int]


@dataclass(frozen=True)
class Seen:
    """One side's figures.

    Args:
        aggregates: runs of the aggregate.
        report: what it saw.
        told: what whoever waits for the batch is told.
        told_after: seconds from the submission.
        stored: documents that were stored.
        stored_after: seconds until the last of them was.
        keys: that the batch left.
        before_urgent: pieces of work on thirty documents, submitted before, that were done before the urgent one was stored.
    """

    aggregates: int
    report: str
    told: str
    told_after: float
    stored: int
    stored_after: float
    keys: Keys
    before_urgent: int

    @property
    def rows(self) -> dict[str, str]:
        """In words."""
        later = "; ".join(f"{count} after {when}" for when, count in self.keys.later.items())
        return {
            "times that the aggregate ran": str(self.aggregates),
            "it saw": self.report or "nothing",
            "who waits is told": self.told,
            "after": f"{self.told_after:.1f} s",
            "documents stored": f"{self.stored}, the last after {self.stored_after:.1f} s",
            "keys left": f"{self.keys.left}; {later}",
            "pieces of 30 documents' work done before an urgent one was stored": f"{self.before_urgent} of {PIECES}",
        }


def rows(seen: Mapping[str, Seen]) -> list[tuple[str, ...]]:
    """A row each: what it is, and each side's words."""
    return [(row, *(one.rows[row] for one in seen.values())) for row in next(iter(seen.values())).rows]


def show(seen: Mapping[str, Seen], conditions: str) -> None:
    """Print a table."""
    table = Table(
        title="A batch of 50 with one broken document, and an urgent one", caption=conditions, show_lines=True
    )
    table.add_column("")
    for side in seen:
        table.add_column(side, ratio=1)
    for row in rows(seen):
        table.add_row(*row)
    Console(width=150).print(table)


def write(seen: Mapping[str, Seen], conditions: str, path: Path) -> None:
    """Write all figures, and the table's rows."""
    figures = {side: asdict(one) for side, one in seen.items()}
    path.write_text(json.dumps({"conditions": conditions, "rows": rows(seen)} | figures, indent=2) + "\n")
