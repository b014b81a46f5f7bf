"""What a supervisor calls for its slots: renew, crash."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.calls.base import Call, Word, script_words, text, texts
from orchestrator.keys import Keys


@dataclass(frozen=True, slots=True)
class Held:
    """A job that a slot holds, as Redis sees it.

    Args:
        age: seconds since its lease began.
        hard: its hard limit, seconds; 0 is none.
        word: `held`, or why it is not any more: `lost`, `ended`, `gone`.
    """

    job: str
    token: str
    age: float
    hard: float
    word: str


@dataclass(frozen=True, slots=True)
class SlotRenewal:
    """One slot's part of a renewal; `word` is `ok`, or `other` where another incarnation still holds jobs."""

    slot: str
    word: str
    jobs: list[Held]


@dataclass(frozen=True, slots=True)
class Renewal:
    """What renew answers."""

    drain: bool
    slots: list[SlotRenewal]
    ready: dict[str, int]
    """Entries ready in each of the lanes asked for; a fan-out is one."""
    alone: dict[str, int]
    """Jobs in each of them that must run alone."""


class SupervisionCalls:
    """Builds one worker's calls.

    Args:
        worker: its id, new at each start.
        lease: seconds.
    """

    def __init__(self, keys: Keys, worker: str, lease: float) -> None:
        record = keys.worker(worker)
        self._renew = script_words("renew", record, worker, int(lease * 1000))
        self._crash = script_words("crash", record)

    def renew(self, slots: Mapping[str, str], facts: Mapping[str, str], lanes: Sequence[str] = ()) -> Call[Renewal]:
        """Announce slots (name -> incarnation), keep their leases; `facts` are written to the worker's record.

        Args:
            lanes: how much waits in them is answered.
        """
        args: list[Word] = [" ".join(lanes), len(facts)]
        for field, value in facts.items():
            args += (field, value)
        for name, incarnation in slots.items():
            args += (name, incarnation)
        return Call(self._renew, tuple(args), _renewal)

    def crash(
        self, slots: Mapping[str, str], cause: str, token: str, facts: str, delay: float = 0.0
    ) -> Call[tuple[bool, list[str]]]:
        """Retire slots (name -> incarnation) that ended, or are about to be killed.

        Args:
            cause: `died`, `limit`, `memory`, `cancelled` or `drained`.
            token: of the job that was running; empty means the only one held.
            facts: for the document's log.
            delay: seconds until the named job may run again.

        Returns:
            Whether the named job was still held, and all jobs that were.
        """
        args: list[Word] = [cause, token, facts, int(delay * 1000)]
        for name, incarnation in slots.items():
            args += (name, incarnation)
        return Call(self._crash, tuple(args), _crashed)


def _renewal(raw: Any) -> Renewal:
    drain, slots, depths = raw
    ready = {text(lane): count for lane, count, _ in depths}
    alone = {text(lane): count for lane, _, count in depths}
    return Renewal(bool(drain), [_slot(one) for one in slots], ready, alone)


def _slot(raw: Sequence[Any]) -> SlotRenewal:
    name, word, jobs = raw
    held = [Held(text(job), text(token), age / 1000, hard / 1000, text(state)) for job, token, age, hard, state in jobs]
    return SlotRenewal(text(name), text(word), held)


def _crashed(raw: Any) -> tuple[bool, list[str]]:
    word, jobs = raw
    return text(word) == "held", texts(jobs)
