"""The tables that commands print."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from orchestrator.cli.entries import Entry
from orchestrator.cli.grids import NARROW, grid
from orchestrator.cli.wording import (
    between,
    category_words,
    coloured,
    fields_words,
    local_time,
    shortened,
    step_words,
    summary_words,
    took,
)

if TYPE_CHECKING:
    from orchestrator.views import Document

COLUMNS = ("id", "status", "pipeline", "priority", "submitted", "took", "flags, error")
"""Of documents."""
SHORT = slice(len("2026-"), len("2026-11-01 08:30"))
"""Of a time, where there is little room."""


def outcomes(entries: Sequence[Entry]) -> Table:
    """A row for each file: what came out, or why nothing did."""
    table = Table("file", "category", "fields", "summary", "time")
    for entry in entries:
        outputs = entry.document.outputs if entry.document and entry.status in {"succeeded", "partial"} else None
        if outputs is None:
            cells = (coloured(entry.status), "", f"[red]{escape(entry.reason or '')}[/]")
        else:
            cells = (
                escape(category_words(outputs)),
                escape(fields_words(outputs)),
                escape(shortened(summary_words(outputs))),
            )
        table.add_row(escape(entry.name), *cells, took(entry.seconds))
    return table


def accepted(entries: Sequence[Entry]) -> Table:
    """A row for each submitted file."""
    table = grid("file", "id", "status", wrapped={"file", "status"})
    for entry in entries:
        why = f": {escape(entry.reason)}" if entry.reason else ""
        table.add_row(escape(entry.name), entry.id or "", coloured(entry.status) + why)
    return table


def steps(document: "Document") -> Table:
    """A row for each step of a document."""
    table = grid("step", "lane", "state", "tries", "started", "took", "note", numbers={"tries"}, wrapped={"note"})
    for step in document.steps:
        note = f"waits for {step.waits_for}" if step.waits_for else step.error or ""
        table.add_row(
            step_words(step),
            step.lane,
            coloured(step.state),
            str(step.deliveries or ""),
            local_time(step.started_at),
            between(step.started_at, step.finished_at),
            escape(note),
        )
    return table


def documents(found: "Sequence[Document]", width: int) -> Table:
    """A row for each document; in few columns, without what matters least."""
    least = {"priority", "took"} if width < NARROW else set[str]()
    kept = [name for name in COLUMNS if name not in least]
    table = grid(*kept, numbers={"priority"}, wrapped={"flags, error"})
    for document in found:
        row: dict[str, str] = dict(zip(COLUMNS, _document(document), strict=True))
        row["submitted"] = row["submitted"][SHORT if width < NARROW else slice(None)]
        table.add_row(*(row[name] for name in kept))
    return table


def _document(found: "Document") -> tuple[str, ...]:
    return (
        found.id,
        coloured(found.status),
        escape(found.pipeline.partition("@")[0]),
        str(found.priority),
        local_time(found.submitted_at),
        between(found.submitted_at, found.finished_at),
        escape("; ".join(filter(None, [*found.flags, found.error]))),
    )
