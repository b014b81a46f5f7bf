"""What is told of a run: whatever is logged meanwhile says of which job; its span is open; at its end there is a line."""

import re
import time
from collections.abc import Callable, Mapping, Sequence
from types import TracebackType
from typing import Self

from orchestrator.calls import Done, Failed, Leased
from orchestrator.logs import begin, end, logger
from orchestrator.tracing.spans import Value
from worker.running.quick import Quick
from worker.running.run_spans import RunSpans

log = logger(__name__)

PLACE = re.compile(r"\((\S+:\d+)\)$")
"""Where an error was raised, at the end of what is said of it. The rest may quote the document: its own log has it."""
quick = Quick()
ENDS = {
    "attempt": (log.warning, "step failed"),
    "fatal": (log.error, "step failed for good"),
    "wait": (log.warning, "step waits for a service"),
    "memory": (log.warning, "step found too little memory"),
    "release": (log.info, "step returned"),
}
"""By what becomes of the job."""


class Telling:
    """Around one run.

    Args:
        jobs: one, or those of a batch.
        slot: `<worker>/<n>`.
        step: what spans say of their step; None where nobody traces.
    """

    __slots__ = ("_begun", "_closely", "_jobs", "_slot", "_spans", "_started")

    def __init__(self, jobs: Sequence[Leased], slot: str, step: Mapping[str, Value] | None = None) -> None:
        self._jobs, self._slot, self._closely = jobs, slot, log.tells_debug
        self._spans = None if step is None else RunSpans(jobs, slot, step)
        self._started = time.perf_counter()

    def __enter__(self) -> Self:
        self._begun = begin(self._words)
        if self._spans is not None:
            self._spans.__enter__()
        if self._closely:
            log.debug("step started")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._spans is not None:
            self._spans.__exit__(kind, problem, trace)
        end(self._begun)

    def ended(self, outcome: Done | Failed) -> Done | Failed:
        """One of its jobs has; returns the outcome."""
        now = time.perf_counter()
        seconds = now - self._started
        if isinstance(outcome, Failed):
            self._failed(outcome, seconds)
        elif quick.is_told(seconds, now):
            self._done(outcome, seconds, log.info, quick.untold())
        elif self._closely:
            self._done(outcome, seconds, log.debug, {})
        if self._spans is not None:
            self._spans.ended(outcome)
        return outcome

    def _done(self, outcome: Done, seconds: float, say: Callable[..., None], more: dict[str, int]) -> None:
        event = "step cached" if outcome.cached else "step done"
        say(event, **self._whose(outcome), seconds=round(seconds, 4), **more)

    def _failed(self, outcome: Failed, seconds: float) -> None:
        say, event = ENDS[outcome.how]
        place, words = PLACE.search(outcome.why), self._whose(outcome)
        words |= {"at": place[1]} if place else {}
        words |= {"delay": round(outcome.delay, 1)} if outcome.delay else {}
        say(event, **words, error=outcome.error, seconds=round(seconds, 4))

    def _whose(self, outcome: Done | Failed) -> dict[str, object]:
        """Which of several jobs a line is about."""
        return {} if len(self._jobs) == 1 else words_of(outcome.job, self._slot)

    def _words(self) -> dict[str, object]:
        if len(self._jobs) == 1:
            return words_of(self._jobs[0], self._slot)
        first = self._jobs[0]
        together = " ".join(job.job for job in self._jobs)
        return {"step": first.step, "jobs": together, "pipeline": first.pipeline, "slot": self._slot}


def words_of(job: Leased, slot: str) -> dict[str, object]:
    """What a line about that job says of it."""
    document, _, step = job.job.partition("/")
    step, bracket, item = step.partition("[")
    words: dict[str, object] = {"document": document, "step": step}
    if bracket:
        words["item"] = int(item[:-1])
    words |= {"attempt": job.attempt, "delivery": job.delivery, "slot": slot, "tenant": job.tenant}
    words["pipeline"] = job.pipeline
    return words
