"""Reads the records that workers and slots leave in Redis. What one lacks is left empty: it may be of another version."""

import re
from collections.abc import Mapping

import msgspec

from orchestrator.views import iso
from orchestrator.worker_views import Card, Model, SlotJob, SlotView, WorkerView

HELD = re.compile(r"(\S+) (\d+) (\d+)")
"""One job of a slot's record: job, token, number of the call that claimed it."""
SLOT_FIELD = re.compile(r"slot\.\d+")
MOST_SLOTS = 4096
"""Of a worker, as far as they are looked at."""


class _Model(msgspec.Struct):
    name: str = "?"
    bytes: int = 0
    pinned: bool = False
    last_used: float | None = None
    loads: int = 0


class _Slot(msgspec.Struct):
    """A worker's field `slot.<n>`."""

    lanes: list[str] = []
    state: str = ""
    pid: int | None = None
    since: float | None = None
    rss: int | None = None
    jobs: int = 0
    deaths: int = 0
    card: str | None = None
    models: list[_Model] = []


def slot_names(worker: str, record: Mapping[str, str]) -> list[str]:
    """The names of a worker's slots, in order: those that it tells of, else as many as it says that it has."""
    told = {int(field[5:]): text for field, text in record.items() if SLOT_FIELD.fullmatch(field)}
    if not told:
        return [f"{worker}/{n}" for n in range(min(_whole(record.get("slots")) or 0, MOST_SLOTS))]
    return [f"{worker}/{n}" for n in sorted(told) if told[n]]  # an empty one is a slot that is gone


def held_documents(own: Mapping[str, str]) -> list[str]:
    """The documents whose jobs a slot holds.

    Args:
        own: the slot's own record.
    """
    return [job.partition("/")[0] for job, _, _ in HELD.findall(own.get("jobs", ""))]


def view_worker(worker: str, record: Mapping[str, str], slots: list[SlotView], now: float, silent: float) -> WorkerView:
    """One worker.

    Args:
        now: the server's clock, seconds.
        silent: seconds without a renewal after which it is not taken for alive.
    """
    quiet = max(0.0, now - (_whole(record.get("renewed")) or 0) / 1000)
    state = "draining" if "drain" in record else "alive"
    started = _whole(record.get("started"))
    return WorkerView(
        id=worker,
        state="ended" if "ended" in record else "silent" if quiet > silent else state,
        host=record.get("host", ""),
        pid=_whole(record.get("pid")),
        started_at=iso(str(started * 1000)) if started else None,
        silent=quiet,
        lanes=record.get("lanes", "").split(),
        serves=record.get("serves", "").split(),
        slots=slots,
        cards=_cards(record.get("cards", "[]")),
        standby=_whole(record.get("standby")) or 0,
    )


def view_slot(name: str, record: Mapping[str, str], own: Mapping[str, str], now: float) -> SlotView:
    """One slot.

    Args:
        record: its worker's.
        own: the slot's own record, which scripts write.
        now: the server's clock, seconds.
    """
    told = _told(record.get(f"slot.{name.rpartition('/')[2]}", "{}"))
    models = [Model(m.name, m.bytes, m.pinned, m.loads, _since(m.last_used, now)) for m in told.models]
    jobs = [_job(job, int(token), now) for job, token, _ in HELD.findall(own.get("jobs", ""))]
    up = _since(told.since, now)
    return SlotView(
        name,
        told.lanes,
        "ended" if "ended" in record else told.state or _state(own),
        jobs,
        models,
        told.pid,
        up,
        told.rss,
        told.jobs,
        told.deaths,
        told.card or "",
    )


def _state(own: Mapping[str, str]) -> str:
    """Where the worker does not tell: a slot of a running process has a record."""
    return "ready" if own.get("incarnation", "retired") != "retired" else "starting"


def _job(job: str, token: int, now: float) -> SlotJob:
    # A token is the server's time in µs, but for two that were made in the same µs.
    document, _, step = job.partition("/")
    return SlotJob(job, document, step, max(0.0, now - token / 1e6))


def _told(text: str) -> _Slot:
    """What a worker says of a slot; one that says it in another way is not known, which is no reason to fail."""
    try:
        return msgspec.json.decode(text, type=_Slot, strict=False)
    except msgspec.DecodeError:
        return _Slot()


def _cards(text: str) -> list[Card]:
    try:
        return msgspec.json.decode(text, type=list[Card], strict=False)
    except msgspec.DecodeError:
        return []


def _since(when: float | None, now: float) -> float | None:
    return max(0.0, now - when) if when else None


def _whole(text: str | None) -> int | None:
    return int(text) if text and text.isdigit() else None
