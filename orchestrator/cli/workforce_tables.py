"""The tables of `docmill workers` and `docmill top`: who works at what, and what waits."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.table import Table

from orchestrator.cli.wording import ago, coloured, size, span

if TYPE_CHECKING:
    from orchestrator.worker_views import Card, LaneView, Model, SlotJob, SlotView, WorkerView

SOON = 0.8
"""Of a job's hard limit: from here on its age is worth a look."""
SHORT_ID = 6
"""Characters at the end of a document's id that tell it from its neighbours."""
MOST_JOBS = 3
"""Of one slot that are shown: a batch may have a thousand."""
COLUMNS = ("worker", "slot", "lanes", "state", "job", "age / limit", "memory", "models", "card")
WRAPPED = {"job", "models", "note"}
WIDE, NARROW = 130, 95
"""Terminal columns: from the first on models have a column of their own; below the second what matters least is left out."""
LEAST = {"lanes", "memory"}
LONGEST_NAME = 22


def slots(workers: "Sequence[WorkerView]", width: int, *, busy_first: bool = False) -> Table:
    """A row for each slot.

    Args:
        width: columns that there are.
        busy_first: the longest running job on top, rather than worker by worker.
    """
    rows = [(worker, slot) for worker in workers for slot in worker.slots]
    if busy_first:
        rows.sort(key=lambda row: max((job.age for job in row[1].jobs), default=-1.0), reverse=True)
    known = {card.uuid: card for worker in workers for card in worker.cards}
    filled: list[Sequence[str]] = []
    last = None
    for worker, slot in rows:
        name = "" if last == worker.id and not busy_first else _name(worker, whole=not busy_first)
        filled.append((name, *_cells(worker, slot, known)))
        last = worker.id
    for worker in workers:
        if not worker.slots:
            filled.append((_name(worker, whole=True), "", " ".join(worker.lanes), coloured(worker.state), *[""] * 5))
    return _fitting(filled, width)


def cards(workers: "Iterable[WorkerView]") -> list[str]:
    """A line for each card."""
    both = [(worker.host, card) for worker in workers for card in worker.cards]
    return [
        f"card {card.index} on {escape(host)}: {escape(card.name)}, "
        f"{size(card.free) or 'nothing'} of {size(card.total)} free"
        for host, card in both
    ]


def lanes(found: "Iterable[LaneView]") -> Table:
    """A row for each lane."""
    table = _table("lane", "ready", "running", "next has waited", "note")
    for column in table.columns[1:4]:
        column.justify = "right"
    for lane in found:
        waited = span(lane.waited) if lane.waited is not None else ""
        table.add_row(lane.name, str(lane.ready), str(lane.running), waited, _note(lane))
    return table


def _note(lane: "LaneView") -> str:
    if lane.paused:
        return "[yellow]paused[/]"
    if lane.resting is not None:
        return "[yellow]rests: a service is down[/]"
    if not lane.served:
        return "[red]no worker serves it[/]" if lane.ready else "[dim]no worker serves it[/]"
    return ""


def _table(*columns: str) -> Table:
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold underline")
    for name in columns:
        table.add_column(name, no_wrap=name not in WRAPPED, max_width=LONGEST_NAME if name == "worker" else None)
    return table


def _fitting(rows: Sequence[Sequence[str]], width: int) -> Table:
    """A table of what there is room for; a column that has nothing in any row takes none."""
    named: list[dict[str, str]] = [dict(zip(COLUMNS, row, strict=True)) for row in rows]
    if width < WIDE:
        for row in named:
            models = row.pop("models")
            row["job"] = "\n".join(filter(None, (row["job"], models and f"[dim]loaded:[/] {models}")))
    kept = [name for name in COLUMNS if any(row.get(name) for row in named)]
    shown = [name for name in kept if width >= NARROW or name not in LEAST]
    table = _table(*shown)
    for row in named:
        table.add_row(*(row[name] for name in shown))
    return table


def _cells(worker: "WorkerView", slot: "SlotView", known: "dict[str, Card]") -> list[str]:
    return [
        slot.name.rpartition("/")[2],
        _lanes(worker, slot),
        _state(worker, slot),
        *_jobs(slot),
        size(slot.rss),
        _models(slot.models),
        _card(slot, known),
    ]


def _name(worker: "WorkerView", *, whole: bool) -> str:
    if not whole:
        return escape(worker.id)
    told = f"{escape(worker.id)}\n[dim]{escape(worker.host or 'host unknown')}[/]"
    return f"{told}\n[dim]{worker.standby} on standby[/]" if worker.standby else told


def _lanes(worker: "WorkerView", slot: "SlotView") -> str:
    return "\n".join(slot.lanes or worker.lanes)


def _state(worker: "WorkerView", slot: "SlotView") -> str:
    if worker.state == "silent":
        return f"[red]silent\n{span(worker.silent)}[/]"
    state = "draining" if worker.state == "draining" else slot.state
    if state == "ready":
        state = "busy" if slot.jobs else "idle"
    told = coloured(state)
    return f"{told}\n[red]died {slot.deaths}x[/]" if slot.deaths else told


def _jobs(slot: "SlotView") -> list[str]:
    shown = slot.jobs[:MOST_JOBS]
    more = [f"[dim]and {len(slot.jobs) - MOST_JOBS} more[/]"] if len(slot.jobs) > MOST_JOBS else []
    return ["\n".join([*(_short(job) for job in shown), *more]), "\n".join(age(job) for job in shown)]


def _short(job: "SlotJob") -> str:
    return f"…{escape(job.document[-SHORT_ID:])} {escape(job.step)}"


def age(job: "SlotJob") -> str:
    """How long a job has run, of how long it may."""
    if job.limit is None:
        return span(job.age)
    told = f"{span(job.age)} / {span(job.limit)}"
    if job.age > job.limit:
        return f"[red]{told}[/]"
    return f"[yellow]{told}[/]" if job.age >= SOON * job.limit else told


def _models(found: "Sequence[Model]") -> str:
    return "\n".join(_model(model) for model in found)


def _model(model: "Model") -> str:
    used = "" if model.idle is None else f", {ago(model.idle)}"
    return f"{escape(model.name)} {size(model.bytes)}{' pinned' if model.pinned else ''}[dim]{used}[/]"


def _card(slot: "SlotView", known: "dict[str, Card]") -> str:
    if not slot.card:
        return ""
    return str(known[slot.card].index) if slot.card in known else escape(slot.card[-SHORT_ID:])
