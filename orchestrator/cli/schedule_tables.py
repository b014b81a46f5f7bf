"""Schedules, as commands print them."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from rich.markup import escape
from rich.table import Table

from orchestrator.cli.grids import grid
from orchestrator.cli.wording import coloured, local_time
from orchestrator.schedules import Scheduled

if TYPE_CHECKING:
    from orchestrator.schedules import Timetable

WRAPPED = {"pipeline", "next", "last", "error"}
TICKS = 3
"""Of those to come, shown."""


def schedules(found: Sequence[Scheduled]) -> Table:
    """A row for each; times of its own zone."""
    table = grid("name", "cron", "zone", "pipeline", "next", "last", "runs", "error", numbers={"runs"}, wrapped=WRAPPED)
    for kept in found:
        last = f"{_there(kept, kept.last_at)} {kept.outcome}" if kept.last_at else ""
        asked = kept.schedule
        cells = [asked.name, asked.cron, asked.zone, asked.pipeline, next_words(kept).removeprefix("next "), last]
        table.add_row(*map(escape, cells), str(kept.ran), f"[red]{escape(kept.error or '')}[/]")
    return table


def details(kept: Scheduled) -> Table:
    """A line for each thing that is known of one."""
    table = Table(show_header=False, box=None, padding=(0, 2, 0, 0), pad_edge=False)
    asked = msgspec.to_builtins(kept.schedule)
    for name, value in asked.items():
        if value not in (None, {}):
            shown = value if isinstance(value, str) else msgspec.json.encode(value).decode()
            table.add_row(name, escape(shown))
    table.add_row("next", escape(", ".join(_to_come(kept)) or next_words(kept)))
    table.add_row("last", _last(kept))
    table.add_row("ticks", f"{kept.ran} ran, {kept.skipped} skipped, {kept.missed} missed, {kept.failed} failed")
    if kept.error:
        table.add_row("error", f"[red]{escape(kept.error)}[/]")
    return table


def as_json(kept: Scheduled) -> dict[str, Any]:
    """All of it, flat: name, cron, …, next_at, …"""
    told = msgspec.to_builtins(kept)
    return told.pop("schedule") | told


def next_words(kept: Scheduled) -> str:
    """When it is due, or why not."""
    if kept.paused_at:
        return f"paused since {local_time(kept.paused_at)}"
    return f"next {_there(kept, kept.next_at)}" if kept.next_at else "never due again"


def log_line(line: str) -> str:
    """A line of a schedule's log, its time readable."""
    stamp, _, rest = line.partition(" ")
    return f"{datetime.fromtimestamp(int(stamp) / 1000).astimezone():%Y-%m-%d %H:%M:%S} {rest}"


def _last(kept: Scheduled) -> str:
    if kept.last_at is None and kept.outcome is None:
        return "none yet"
    return " ".join(filter(None, (_there(kept, kept.last_at), coloured(kept.outcome or ""), kept.document)))


def _to_come(kept: Scheduled) -> list[str]:
    if kept.next_at is None:
        return []
    timetable, moment = kept.schedule.timetable, datetime.fromisoformat(kept.next_at).timestamp()
    ticks = [moment]
    while len(ticks) < TICKS and (moment := timetable.after(moment)) is not None:
        ticks.append(moment)
    return [_words(timetable, tick) for tick in ticks]


def _there(kept: Scheduled, when: str | None) -> str:
    return _words(kept.schedule.timetable, datetime.fromisoformat(when).timestamp()) if when else ""


def _words(timetable: "Timetable", moment: float) -> str:
    return f"{timetable.local(moment):%Y-%m-%d %H:%M:%S %Z}"
