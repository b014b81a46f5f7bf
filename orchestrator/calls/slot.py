"""What a slot calls: claim, complete, fail, report. Each call carries the incarnation and a number, one more each time."""

from collections.abc import Sequence
from typing import Any

import msgspec

from orchestrator.calls.base import Call, Word, script_words, text, texts
from orchestrator.calls.ends import Done, Failed, counted
from orchestrator.calls.leased import Leased
from orchestrator.keys import Keys


class SlotAnswer(msgspec.Struct, frozen=True):
    """What claim, complete and fail answer."""

    word: str
    verdicts: list[str]
    jobs: list[Leased]
    part: str = ""
    """Of a batch that is not full while another document is on its way: where more of its jobs would wait, `lane:class`."""
    wait: float = 0.0
    """Seconds until a lane that is paced may give a job; 0 where none is."""


LONGEST_WAIT = 30 * 86_400.0
"""Seconds."""
LONGEST_ERROR, LONGEST_WHY = 48, 1000
"""Characters: the class stays a small field of the document, the text a bounded line of its log."""


class SlotCalls:
    """Builds one slot's calls and counts them.

    Args:
        slot: `<worker>/<n>`.
        lanes: in order of preference.
        serves: ids of the pipelines that the slot knows, and the other words of `lua/lib/served.lua`.
    """

    def __init__(self, keys: Keys, slot: str, incarnation: str, lanes: Sequence[str], serves: Sequence[str]) -> None:
        self.slot, self.lanes = slot, lanes
        self._record, self._incarnation, self._lanes = keys.slot(slot), incarnation, " ".join(lanes)
        self._report = script_words("report", self._record, incarnation)
        self._number = 0
        self.serve(serves)

    def serve(self, words: Sequence[str]) -> None:
        """Say from now on what the slot serves: what is loaded in it changes."""
        constant = (self._incarnation, self._lanes, " ".join(words))
        self._serves = constant[2]
        self._claim = script_words("claim", self._record, *constant)
        self._complete = script_words("complete", self._record, *constant)
        self._fail = script_words("fail", self._record, *constant)

    def claim(self, want: int = 1) -> Call[SlotAnswer]:
        """Lease up to `want` jobs, or batches."""
        return Call(self._claim, (self._next(), want), _slot_answer)

    def claim_more(self, part: str, want: int) -> Call[SlotAnswer]:
        """Lease up to `want` more jobs of one class of a lane, `lane:class`: a batch that is not full."""
        words = script_words("claim", self._record, self._incarnation, part, self._serves)
        return Call(words, (self._next(), want), _slot_answer)

    def complete(self, done: Sequence[Done], want: int = 1) -> Call[SlotAnswer]:
        """End jobs that succeeded, and lease up to `want` more."""
        args: list[Word] = [self._next(), want]
        for one in done:
            args += (one.job.job, one.job.token, one.output, one.more, *one.items)
        return Call(self._complete, tuple(args), _slot_answer)

    def fail(self, failed: Sequence[Failed], want: int = 1) -> Call[SlotAnswer]:
        """End jobs that did not succeed, and lease up to `want` more."""
        args: list[Word] = [self._next(), want]
        for one in failed:
            why = one.why[:LONGEST_WHY].replace("\n", " ").encode("utf-8", "backslashreplace")
            told = (one.error[:LONGEST_ERROR], why, counted(one.used))
            args += (one.job.job, one.job.token, one.how, _milliseconds(one.delay), *told)
        return Call(self._fail, tuple(args), _slot_answer)

    def progress(self, job: Leased, done: int, total: int) -> Call[str]:
        """Say how far a job is."""
        args = (self._next(), job.job, job.token, "progress", done, total)
        return Call(self._report, args, text)

    def flag(self, job: Leased, name: str, why: str) -> Call[str]:
        """Mark a job's document."""
        reason = why[:LONGEST_WHY].replace("\n", " ").encode("utf-8", "backslashreplace")
        return Call(self._report, (self._next(), job.job, job.token, "flag", name, reason), text)

    def checkpoint(self, job: Leased, value: bytes) -> Call[str]:
        """Keep what a job's next try begins with: JSON, or `@` and a blob's path."""
        return Call(self._report, (self._next(), job.job, job.token, "checkpoint", value), text)

    def items(self, job: Leased, first: int, items: Sequence[bytes]) -> Call[str]:
        """Store a part of the list that a job makes, from index `first` on."""
        args = (self._next(), job.job, job.token, "items", first, *items)
        return Call(self._report, args, text)

    def _next(self) -> int:
        self._number += 1
        return self._number


def _milliseconds(delay: float) -> int:
    """A step may ask for anything: what is no time at all, or more than a month, becomes the nearest that is."""
    return int(max(0.0, min(delay, LONGEST_WAIT)) * 1000) if delay == delay else 0


def _slot_answer(raw: Any) -> SlotAnswer:
    word, verdicts, jobs = raw[:3]
    part, wait = (raw[3].decode(), raw[4] / 1000) if len(raw) > 4 else ("", 0.0)
    return SlotAnswer(word.decode(), texts(verdicts), list(map(_leased, jobs)), part, wait)


def _leased(raw: list[Any]) -> Leased:
    job, token, pipeline, attempt, delivery, memory, whose, item = raw[:8]
    tenant = (whose or b"").decode()
    return Leased(job.decode(), token.decode(), pipeline.decode(), attempt, delivery, memory, tenant, item, raw[8:])
