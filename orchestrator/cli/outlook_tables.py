"""The tables of `docmill lanes`, `why` and `dead`."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from orchestrator.cli.grids import grid
from orchestrator.cli.wording import local_time
from orchestrator.outlook.spans import span, within

if TYPE_CHECKING:
    from orchestrator.outlook.dead_letters import DeadLetter
    from orchestrator.outlook.spans import Range
    from orchestrator.outlook.views import LaneOutlook, Why

NUMBERS = {"ready", "held", "delayed", "running", "slots", "pace", "waited", "ran"}
WRAPPED = {"note", "error"}
URGENT = 9
COLUMNS = ("lane", "ready", "by priority", "held", "delayed", "running", "slots", "pace", "empty", "note")
"""Of lanes; one that has nothing to say of any lane is left out."""


def outlooks(found: "Sequence[LaneOutlook]") -> Table:
    """A row for each lane."""
    rows = [_outlook(lane) for lane in found]
    kept = [name for name in COLUMNS if any(row[name] for row in rows)]
    table = grid(*kept, numbers=NUMBERS, wrapped=WRAPPED)
    for row in rows:
        table.add_row(*(row[name] for name in kept))
    return table


def bases(found: "Sequence[LaneOutlook]") -> Iterator[str]:
    """What the estimates stand on, a line for each lane that has something to do."""
    for lane in found:
        if lane.basis:
            yield f"[dim]{lane.name}: {escape(lane.basis)}[/]"


def spent(found: "Why") -> Table:
    """Where the time of a document went."""
    table = grid("step", "waited", "ran", numbers=NUMBERS)
    for step in found.spent:
        table.add_row(step.name, span(step.waited), span(step.ran))
    return table


def dead(found: "Sequence[DeadLetter]") -> Table:
    """A row for each dead letter."""
    table = grid("id", "failed", "pipeline", "step", "error", wrapped=WRAPPED)
    for letter in found:
        failed = local_time(letter.failed_at)
        error = f"{letter.error}: {letter.why}" if letter.why else letter.error
        table.add_row(letter.document, failed, letter.pipeline.partition("@")[0], letter.step, escape(error))
    return table


def clock_range(at: str, found: "Range") -> str:
    """A range from then as this machine's clock shows it: `14:03:20 to 14:05:10`."""
    read = datetime.fromisoformat(at).astimezone()
    low, high = (read + timedelta(seconds=seconds) for seconds in (found.low, found.high))
    day = "%H:%M:%S" if high.date() == read.date() else "%Y-%m-%d %H:%M"
    first, last = low.strftime(day), high.strftime(day)
    return first if first == last else f"{first} to {last}"


def _outlook(lane: "LaneOutlook") -> dict[str, str]:
    more = "+" if lane.at_least else ""
    return {
        "lane": lane.name,
        "ready": str(lane.ready),
        "by priority": _priorities(lane.by_priority),
        "held": f"{lane.held}{more}",
        "delayed": f"{lane.delayed}{more}",
        "running": str(lane.leased),
        "slots": str(lane.slots),
        "pace": "" if lane.pace is None else _pace(lane.pace),
        "empty": within(lane.drains) if lane.drains else "",
        "note": _note(lane),
    }


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


def _pace(pace: float) -> str:
    if pace >= 1 or not pace:
        return f"{pace:.1f}/s" if pace else "none"
    return f"{pace * 60:.1f}/min"
