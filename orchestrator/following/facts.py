"""What has happened to a document, as its own state tells it: so nothing is lost between two looks."""

import zlib
from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec.structs import replace

from orchestrator.errors import UsageError
from orchestrator.states import FINAL_JOB, JobState
from orchestrator.views import Document, StepView, iso

FIRST, LAST = -1, 1_000
"""Where, among what happened in one millisecond, a document's beginning and its end stand; steps are between them."""


class Event(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something that happened to a document.

    Args:
        id: to go on after it: `events(document, after=event.id)`.
        at: ISO 8601, UTC, by the server's clock.
        kind: `status`: the document has another `state`; `step`: a step has; `progress`: `done` of `total`; `log`:
            something unusual, in words.
        step: with its item, in the log of a fan-out: `ocr[3]`.
        state: of the document, or of the step.
        attempt: of a step that runs or ended.
        text: why, where that can be said.
    """

    id: str
    document: str
    at: str
    kind: str
    step: str = ""
    state: str = ""
    attempt: int = 0
    done: int = 0
    total: int = 0
    text: str = ""


Placed = tuple[int, Event]
"""An event, without an id, and its place among those of the same millisecond."""


def events_of(view: Document, now: str) -> list[Event]:
    """All that the state of a document tells, in the order in which it happened.

    Args:
        view: without outputs.
        now: of the look, ISO 8601; what has no time of its own (progress) gets it.
    """
    steps = [*enumerate(view.steps)]
    # In one millisecond: what is ready, that the document runs, what of it runs.
    placed = [one for place, step in steps for one in _readiness(place, view, step)] + [*_statuses(view)]
    placed += [one for place, step in steps for one in _of_step(place, view, step, now)]
    placed += [(len(steps), _line(view.id, line)) for line in view.log]
    return [_named(event) for _, event in sorted(placed, key=lambda one: (one[1].at, one[0]))]


def checked_after(after: str) -> int:
    """The time, in milliseconds, of the event whose id it is.

    Raises:
        UsageError: it is no event's id.
    """
    time, _, digest = after.partition("-")
    if not (time.isdecimal() and time.isascii() and len(digest) == 8):
        raise UsageError(f"{after!r} is no event's id: give the id of the last event that was seen, or None")
    return int(time)


def milliseconds(event: Event) -> int:
    """When it happened."""
    return int(event.id.partition("-")[0])


def _statuses(view: Document) -> Iterator[Placed]:
    yield FIRST, Event("", view.id, view.submitted_at, "status", state="queued")
    if view.started_at:
        place = next((i for i, step in enumerate(view.steps) if step.started_at == view.started_at), FIRST)
        yield place, Event("", view.id, view.started_at, "status", state="running")
    if view.is_final:
        at = view.finished_at or view.submitted_at
        yield LAST, Event("", view.id, at, "status", state=view.status, text=view.error or "")


def _readiness(place: int, view: Document, step: StepView) -> Iterator[Placed]:
    if step.ready_at:
        yield place, Event("", view.id, step.ready_at, "step", step.name, "ready")


def _of_step(place: int, view: Document, step: StepView, now: str) -> Iterator[Placed]:
    if step.started_at:
        attempt = step.attempts + (step.state == JobState.LEASED)
        yield place, Event("", view.id, step.started_at, "step", step.name, "leased", attempt)
    if step.total and step.state not in FINAL_JOB:
        yield place, Event("", view.id, now, "progress", step.name, done=step.done or 0, total=step.total)
    if step.state in FINAL_JOB and step.finished_at:
        text = step.error or ""
        yield place, Event("", view.id, step.finished_at, "step", step.name, step.state, step.attempts, text=text)


def _line(document: str, line: str) -> Event:
    when, job, text = [*line.split(" ", 2), "", ""][:3]
    return Event("", document, iso(when) or "", "log", job.partition("/")[2], text=text)


def _named(event: Event) -> Event:
    told = (event.kind, event.step, event.state, event.done, event.total, event.text)
    time = round(datetime.fromisoformat(event.at).timestamp() * 1000)
    return replace(event, id=f"{time}-{zlib.crc32(msgspec.json.encode(told)):08x}")


def fresh(events: Sequence[Event], told: set[str]) -> list[Event]:
    """Those that were not told yet; progress counts by what it says, not by when it was seen."""
    new = [event for event in events if _identity(event) not in told]
    told.update(map(_identity, new))
    return new


def _identity(event: Event) -> str:
    return f"{event.step} {event.done}/{event.total}" if event.kind == "progress" else event.id
