"""The tables of `docmill lanes`, `why` and `dead`."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from orchestrator.cli.wording import local_time
from orchestrator.outlook.spans import span, within

if TYPE_CHECKING:
    from orchestrator.outlook.dead_letters import DeadLetter
    from orchestrator.outlook.spans import Range
    from orchestrator.outlook.views import LaneOutlook, Why

NUMBERS = {"ready", "held", "delayed", "running", "slots", "rate", "waited", "ran"}
URGENT = 9


def outlooks(found: "Sequence[LaneOutlook]") -> Table:
    """A row for each lane."""
    table = _table("lane", "ready", "by priority", "held", "delayed", "running", "slots", "rate", "empty", "note")
    for lane in found:
        more = "+" if lane.at_least else ""
        table.add_row(
            lane.name,
            str(lane.ready),
            _priorities(lane.by_priority),
            f"{lane.held}{more}",
            f"{lane.delayed}{more}",
            str(lane.leased),
            str(lane.slots),
            "" if lane.rate is None else _rate(lane.rate),
            within(lane.drains) if lane.drains else "",
            _note(lane),
        )
    return table


def bases(found: "Sequence[LaneOutlook]") -> Iterator[str]:
    """What the estimates stand on, a line for each lane that has something to do."""
    for lane in found:
        if lane.basis:
            yield f"[dim]{lane.name}: {escape(lane.basis)}[/]"


def spent(found: "Why") -> Table:
    """Where the time of a document went."""
    table = _table("step", "waited", "ran")
    for step in found.spent:
        table.add_row(step.name, span(step.waited), span(step.ran))
    return table


def dead(found: "Sequence[DeadLetter]") -> Table:
    """A row for each dead letter."""
    table = _table("id", "failed", "pipeline", "step", "error")
    for letter in found:
        failed = local_time(letter.failed_at)
        table.add_row(letter.document, failed, letter.pipeline.partition("@")[0], letter.step, escape(letter.error))
    return table


def clock_range(at: str, found: "Range") -> str:
    """A range from then as this machine's clock shows it: `14:03:20 to 14:05:10`."""
    read = datetime.fromisoformat(at).astimezone()
    low, high = (read + timedelta(seconds=seconds) for seconds in (found.low, found.high))
    day = "%H:%M:%S" if high.date() == read.date() else "%Y-%m-%d %H:%M"
    first, last = low.strftime(day), high.strftime(day)
    return first if first == last else f"{first} to {last}"


def _note(lane: "LaneOutlook") -> str:
    if lane.paused:
        return "[yellow]paused[/]"
    if lane.resting is not None:
        return "[yellow]rests: a service is down[/]"
    if not lane.slots:
        return "[red]no worker serves it[/]" if lane.ready else "[dim]no worker serves it[/]"
    return ""


def _priorities(counts: Sequence[int]) -> str:
    """`9: 2, 5: 40`."""
    return ", ".join(f"{URGENT - at}: {count}" for at, count in enumerate(counts) if count)


def _rate(rate: float) -> str:
    if rate >= 1 or not rate:
        return f"{rate:.1f}/s" if rate else "none"
    return f"{rate * 60:.1f}/min"


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold underline")
    for name in columns:
        table.add_column(name, justify="right" if name in NUMBERS else "left", no_wrap=name not in {"note", "error"})
    return table
