"""How a scene looks, on a terminal of any width."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from orchestrator.cli.crew import NOBODY
from orchestrator.cli.wording import ago
from orchestrator.cli.workforce_tables import cards, lanes, slots

if TYPE_CHECKING:
    from orchestrator.cli.top.scene import Scene

WIDE = 150
"""Columns from which on lanes and failures stand side by side."""


def picture(scene: "Scene", width: int) -> RenderableType:
    """The whole of it.

    Args:
        width: columns.
    """
    present = scene.workforce.present
    shown: list[RenderableType] = [slots(present, width, busy_first=True)] if present else [f"[yellow]{NOBODY}[/]"]
    known = ["\n".join(cards(present))] if cards(present) else []
    parts = [_headline(scene), *_beside(scene, width), *shown, *known]
    return Group(*(line for part in parts for line in (part, "")))


def _headline(scene: "Scene") -> Text:
    found = scene.workforce
    time = datetime.fromtimestamp(found.snapshot.now, UTC).astimezone()
    every = [slot for worker in found.present for slot in worker.slots]
    busy, ready = sum(bool(slot.jobs) for slot in every), sum(lane.ready for lane in found.lanes)
    told = [
        f"[bold]{time:%H:%M:%S}[/]",
        _many(len(found.present), "worker"),
        f"{busy} of {_many(len(every), 'slot')} busy",
        f"{ready} ready, {found.snapshot.leases} running, {found.snapshot.delayed} delayed",
    ]
    if scene.rate is not None:
        told.append(f"{scene.rate:.0f} documents/min")
    line = Text.from_markup(" · ".join(told))
    return line.append(f"\n{scene.trouble}", "red") if scene.trouble else line


def _beside(scene: "Scene", width: int) -> list[RenderableType]:
    parts: list[RenderableType] = [lanes(scene.workforce.lanes)] if scene.workforce.lanes else []
    if scene.failures:
        parts.append(_failures(scene))
    if width < WIDE or len(parts) < 2:
        return parts
    grid = Table.grid(padding=(0, 4, 0, 0))
    grid.add_row(*parts)
    return [grid]


def _failures(scene: "Scene") -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold underline")
    for name in ("failed", "when", "pipeline"):
        table.add_column(name, no_wrap=True)
    table.add_column("error")  # the one that gives way; its texts are one line all the same
    for document in scene.failures:
        when = ago(_since(document.finished_at, scene)) if document.finished_at else ""
        pipeline = document.pipeline.partition("@")[0]
        error = Text(document.error or "", "red", no_wrap=True, overflow="ellipsis")
        table.add_row(document.id, when, escape(pipeline), error)
    return table


def _since(ended: str, scene: "Scene") -> float:
    return max(0.0, scene.workforce.snapshot.now - datetime.fromisoformat(ended).timestamp())


def _many(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"
