"""What may be submitted: checked before anything is stored."""

from collections.abc import Mapping

from orchestrator.errors import UsageError
from orchestrator.graph import Pipeline
from orchestrator.ids import checked_id, new_id
from orchestrator.keys import shard_of
from orchestrator.lanes import known_lane

URGENT, USUAL = 9, 5
"""Priorities: the highest, and the one that is taken where none is named."""


def own_id(given: str | None) -> str:
    """The id that a client made, checked, or a new one.

    Raises:
        UsageError: it is not one, or names another shard or an on_finish document.
    """
    if given is None:
        return new_id()
    if checked_id(given).endswith(".finish") or shard_of(given) != 0:
        raise UsageError(f"{given!r} cannot be a new document's id: make it with new_id()")
    return given


def deadline(seconds: float) -> float:
    """A deadline that is one.

    Raises:
        UsageError: it is not in the future.
    """
    if not seconds > 0:
        raise UsageError(
            f"deadline {seconds:g} is not possible: give the seconds in which the document must have ended"
        )
    return seconds


def check(pipeline: Pipeline, priority: int, lanes: Mapping[str, str]) -> None:
    """Refuse what cannot be, before anything is stored.

    Raises:
        UsageError: the text names the allowed values.
    """
    if not 0 <= priority <= URGENT:
        raise UsageError(f"priority {priority} is not possible: use 9 (urgent) to 0")
    for step, lane in lanes.items():
        if step not in pipeline.calls:
            raise UsageError(f"pipeline {pipeline.name!r} has no step {step!r}: it has {', '.join(pipeline.calls)}")
        shared, is_async = known_lane(lane).shared, pipeline.calls[step].step.is_async
        if shared != is_async:
            why = "it is async, and that lane is not shared" if is_async else "it is not async, and that lane is shared"
            raise UsageError(f"step {step!r} cannot go to lane {lane!r}: {why}")
