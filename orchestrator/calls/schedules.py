"""What keeps recurring submissions: their definitions, and their ticks."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from orchestrator.calls.answers import mapping, one_line, scored
from orchestrator.calls.base import Call, Word, script_words, text, texts
from orchestrator.keys import Keys


class Submission(NamedTuple):
    """The document that a tick is to submit.

    Args:
        deadline: seconds in which it must have ended; None is no limit.
        unwanted: steps that its parameters leave out, space separated.
    """

    pipeline: str
    document: str
    input: bytes
    deadline: float | None
    unwanted: str = ""


class Tick(NamedTuple):
    """One tick, as the caller saw it; times are seconds of the epoch.

    Args:
        revision: of the definition that was read.
        due: the tick that the schedule waits for.
        at: the tick that this is about: the same, or a later one where those before it stay missed.
        next: the tick after it; None where there is none.
    """

    name: str
    revision: str
    due: float
    at: float
    next: float | None


class ScheduleCalls:
    """Builds calls about the schedules of one shard."""

    def __init__(self, keys: Keys) -> None:
        self._keys, self._all = keys, keys.named("schedules")
        self._schedule, self._tick = script_words("schedule", self._all), script_words("tick", self._all)

    def set(
        self, name: str, revision: str, due: float | None, fields: Mapping[str, str], *, replace: bool = False
    ) -> Call[str]:
        """Keep a schedule, due then (seconds; None is never); `added`, `changed`, `same` or `differs`."""
        pairs = [word for pair in fields.items() for word in pair]
        return Call(self._schedule, ("set", name, revision, _ms(due), int(replace), *pairs), text)

    def remove(self, name: str, added: str) -> Call[str]:
        """Keep it no longer, if it is still the one that was added then (ms)."""
        return Call(self._schedule, ("remove", name, added, "", 0), text)

    def pause(self, name: str) -> Call[str]:
        """Submit nothing until it is resumed; `paused` or `unknown`."""
        return Call(self._schedule, ("pause", name, "", "", 0), text)

    def resume(self, name: str, due: float | None) -> Call[str]:
        """Go on with the tick of then (seconds); `resumed` or `unknown`."""
        return Call(self._schedule, ("resume", name, "", _ms(due), 0), text)

    def run(self, tick: Tick, submission: Submission) -> Call[list[str]]:
        """Submit a tick's document and go on to the next; the words of `lua/tick.lua`."""
        return Call(self._tick, (*_seen(tick), "run", "", *_words(submission)), texts)

    def run_now(self, name: str, submission: Submission) -> Call[list[str]]:
        """Submit a document besides the schedule's ticks; `queued`, `skipped`, `unknown` or `unknown-pipeline`."""
        return Call(self._tick, (name, "", 0, 0, "", "run", "", *_words(submission)), texts)

    def give_up(self, tick: Tick, why: str | None = None) -> Call[list[str]]:
        """Submit nothing and go on to the next: it was missed, or cannot be submitted (`why`)."""
        act = "missed" if why is None else "failed"
        return Call(self._tick, (*_seen(tick), act, one_line(why or ""), "", 0, "", "", ""), texts)

    def first(self, most: int = 0) -> Call[list[tuple[str, float]]]:
        """The schedules that are due first, or all, with their next ticks (seconds; inf is none)."""
        return Call(("ZRANGE",), (self._all, 0, most - 1, "WITHSCORES"), scored)

    def due(self, name: str) -> Call[float | None]:
        """When a schedule is due, seconds, or inf; None where there is no such schedule."""
        return Call(("ZSCORE",), (self._all, name), _seconds)

    def read(self, name: str) -> Call[dict[str, str]]:
        """The fields of a schedule."""
        return Call(("HGETALL",), (self._keys.schedule(name),), mapping)

    def log(self, name: str) -> Call[list[str]]:
        """What became of its ticks, oldest first."""
        return Call(("LRANGE",), (self._keys.schedule(name, "log"), 0, -1), texts)


def _seen(tick: Tick) -> tuple[Word, ...]:
    return tick.name, tick.revision, _ms(tick.due), _ms(tick.at), _ms(tick.next)


def _words(submission: Submission) -> tuple[Word, ...]:
    deadline = int((submission.deadline or 0) * 1000)
    return submission.pipeline, deadline, submission.document, submission.input, submission.unwanted


def _ms(moment: float | None) -> str:
    return "inf" if moment is None else str(round(moment * 1000))


def _seconds(raw: Any) -> float | None:
    return None if raw is None else float(raw) / 1000
