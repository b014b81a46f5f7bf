"""What may be submitted: checked before anything is stored."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec.structs import replace

from orchestrator.calls.once import Once
from orchestrator.errors import KeyReused, LaneFull, Taken, UsageError
from orchestrator.graph import Pipeline
from orchestrator.ids import checked_id, is_of_finish, new_id
from orchestrator.keys import shard_of
from orchestrator.lanes import known_lane
from orchestrator.source import Source

FAR = 32_503_680_000.0
"""The year 3000, seconds of the epoch: a later time was meant as milliseconds."""
URGENT, USUAL = 9, 5
"""Priorities: the highest, and the one that is taken where none is named."""


def own_id(given: str | None) -> str:
    """The id that a client made, checked, or a new one.

    Raises:
        UsageError: it is not one, or names another shard or an on_finish document.
    """
    if given is None:
        return new_id()
    if is_of_finish(checked_id(given)) or shard_of(given) != 0:
        told = f"{given!r} cannot be a new id: leave it out and one is made; in Python, new_id() makes one"
        raise UsageError(told, "id")
    return given


def deadline(seconds: float) -> float:
    """A deadline that is one.

    Raises:
        UsageError: it is not in the future.
    """
    if not seconds > 0:
        raise UsageError(
            f"deadline {seconds:g} is not possible: give the seconds in which the document must have ended", "deadline"
        )
    return seconds


def moment(not_before: datetime | float) -> float:
    """The time before which a document may not start, seconds of the epoch.

    Raises:
        UsageError: it has no time zone, or is no time.
    """
    if isinstance(not_before, datetime) and not_before.tzinfo is None:
        raise UsageError(f"not_before {not_before.isoformat()} says no time zone: give it one, such as tzinfo=UTC")
    seconds = not_before.timestamp() if isinstance(not_before, datetime) else not_before
    if not 0 <= seconds < FAR:
        raise UsageError(f"not_before {seconds:g} is not possible: give seconds of the epoch, or a datetime")
    return seconds


def wait(delay: float, not_before: float | None, now: float, limit: float | None) -> float:
    """Seconds until a document may start.

    Args:
        now: the server's clock. limit: the seconds in which it must have ended.

    Raises:
        UsageError: it would have to end before it may start, or both times are given.
    """
    if delay and not_before is not None:
        raise UsageError("give a delay or not_before, not both")
    seconds = delay if not_before is None else max(0.0, not_before - now)
    if limit is not None and seconds >= limit:
        raise UsageError(
            f"it may start in {seconds:.0f} s, but must have ended {limit:g} s from now: give it a later deadline",
            "deadline",
        )
    return seconds


def priority(given: int) -> int:
    """A priority that is one.

    Raises:
        UsageError: it is outside 0 to 9.
    """
    if not 0 <= given <= URGENT:
        raise UsageError(f"priority {given} is not possible: use 9 (urgent) to 0", "priority")
    return given


def only_once(
    once: Once | None, pipeline: Pipeline, parameters: Mapping[str, Any], options: Sequence[Any]
) -> Once | None:
    """What keeps a document from being accepted twice, checked, with the digest of what is submitted.

    A file counts by its name and its bytes, not by where this submission put it.

    Args:
        options: what else was asked for, such as the priority.
    """
    if once is None:
        return None
    once.check()
    told = {n: replace(v, blob="") if isinstance(v, Source) else v for n, v in parameters.items()}
    text = msgspec.json.encode([pipeline.name, told, *options], order="deterministic")
    return replace(once, digest=hashlib.sha256(text).hexdigest()[:32])


def refused(word: str, document: str, once: Once | None) -> str:
    """The document that stood in the way, where it is the same.

    Raises:
        KeyReused: it is another. Taken: it has the unique name. LaneFull: `document` names a lane that is.
    """
    if word == "full":
        raise LaneFull(document)
    assert once is not None
    if word == "same":
        return document
    if word == "differs":
        raise KeyReused(
            f"the idempotency key {once.key!r} was used for another submission ({document}): take a new key", document
        )
    until = "until it ends" if once.unique_for is None else f"for {once.unique_for:g} s"
    raise Taken(f"{document} has the unique name {once.unique!r} {until}: wait for it, or cancel it", document)


def check(pipeline: Pipeline, urgency: int, lanes: Mapping[str, str]) -> None:
    """Refuse what cannot be, before anything is stored.

    Raises:
        UsageError: the text names the allowed values.
    """
    priority(urgency)
    for step, lane in lanes.items():
        if step not in pipeline.calls:
            told = f"pipeline {pipeline.name!r} has no step {step!r}: it has {', '.join(pipeline.calls)}"
            raise UsageError(told, "lanes")
        shared, is_async = known_lane(lane, "lanes").shared, pipeline.calls[step].step.is_async
        if shared != is_async:
            why = "it is async, and that lane is not shared" if is_async else "it is not async, and that lane is shared"
            raise UsageError(f"step {step!r} cannot go to lane {lane!r}: {why}", "lanes")
