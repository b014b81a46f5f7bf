"""Batches, as commands print them."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import msgspec
from rich.markup import escape

from orchestrator.cli.grids import grid
from orchestrator.cli.wording import between, coloured, counted, local_time, shortened
from orchestrator.outlook.spans import Range, within

if TYPE_CHECKING:
    from rich.table import Table

    from orchestrator.batches.views import BatchView
    from orchestrator.cli.batch.reporting import Aggregate, Report

COUNTS = ("queued", "running", "succeeded", "partial", "failed", "cancelled")
BAD = {"failed": "red", "cancelled": "yellow", "partial": "yellow"}


def lines(told: "Report") -> Iterator[str]:
    """What there is to say of one, as marked-up lines."""
    batch = told.batch
    took = between(batch.opened_at, batch.ended_at)
    yield f"[bold]{batch.id}[/] {escape(batch.name)} {batch.state}".replace("  ", " ") + (
        f" after {took}" if took else ""
    )
    yield f"{escape(batch.pipeline)}, priority {batch.priority}, opened {local_time(batch.opened_at)}"
    yield f"{counted(batch.documents, 'document')}: {counts(batch)}"
    if batch.cancelling and not batch.is_final:
        yield f"[yellow]being cancelled: {escape(batch.cancelling)}[/]"
    if not batch.is_final:
        yield when(batch)
    yield from _refused(told)
    if told.aggregate:
        yield from _aggregate(told.aggregate)


def counts(batch: "BatchView") -> str:
    """By state, those that there are."""
    found = [(name, getattr(batch, name)) for name in COUNTS]
    return (
        ", ".join(f"[{BAD[name]}]{n} {name}[/]" if name in BAD else f"{n} {name}" for name, n in found if n) or "none"
    )


def when(batch: "BatchView") -> str:
    """Until when, and what that stands on."""
    if batch.eta is None:
        return "when it ends cannot be said yet: too few of its documents have ended"
    low, high = batch.eta
    more = "" if batch.state != "open" else "; more may come"
    return f"it ends {within(Range(low, (low + high) / 2, high))} [dim]({batch.eta_basis}{more})[/]"


def table(found: "Sequence[BatchView]") -> "Table":
    """A row for each."""
    shown = grid("id", "name", "state", "pipeline", "opened", "documents", wrapped={"name", "pipeline", "documents"})
    for batch in found:
        refused = [f"[red]{counted(batch.refused, 'line')} refused[/]"] if batch.refused else []
        cells = (batch.id, escape(batch.name), batch.state, escape(batch.pipeline.partition("@")[0]))
        shown.add_row(*cells, local_time(batch.opened_at), "; ".join([counts(batch), *refused]))
    return shown


def _refused(told: "Report") -> Iterator[str]:
    count, shown = told.batch.refused, len(told.refused)
    if not count:
        return
    yield f"[red]{counted(count, 'line')} refused[/]{':' if count == shown else ', such as:'}"
    for line, why in told.refused.items():
        yield f"  line {line}: {escape(why)}"
    if count > shown:
        yield f"  all of them: docmill batch results {told.batch.id} --status refused"


def _aggregate(found: "Aggregate") -> Iterator[str]:
    if found.status == "waiting":
        yield f"aggregate {found.id}: runs when all have ended"
        return
    error = f": [red]{escape(found.error)}[/]" if found.error else ""
    yield f"aggregate {found.id}: {coloured(found.status)}{error}"
    if found.result is not None:
        yield "  " + escape(shortened(msgspec.json.encode(found.result).decode()))
