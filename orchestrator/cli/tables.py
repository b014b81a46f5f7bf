"""The tables that commands print."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from orchestrator.cli.entries import Entry
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
    table = Table("file", "id", "status")
    for entry in entries:
        why = f": {escape(entry.reason)}" if entry.reason else ""
        table.add_row(escape(entry.name), entry.id or "", coloured(entry.status) + why)
    return table


def steps(document: "Document") -> Table:
    """A row for each step of a document."""
    table = Table("step", "lane", "state", "tries", "started", "took", "note")
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


def documents(found: "Sequence[Document]") -> Table:
    """A row for each document."""
    table = Table("id", "status", "pipeline", "priority", "submitted", "took", "flags, error")
    for document in found:
        table.add_row(
            document.id,
            coloured(document.status),
            document.pipeline.partition("@")[0],
            str(document.priority),
            local_time(document.submitted_at),
            between(document.submitted_at, document.finished_at),
            escape("; ".join(filter(None, [*document.flags, document.error]))),
        )
    return table
