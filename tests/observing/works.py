"""Works in which all goes wrong that can, at random, with the real scripts.

Each act is written into the ledger by what was done, never by what Redis says that it counted.
"""

import random

from orchestrator.calls import Call, Done, Failed, Leased, SlotAnswer
from orchestrator.metrics import usage
from tests.observing.acts import LANES, PIPELINES
from tests.observing.books import Books
from tests.support.engine import Engine, Hand

MOST_DEATHS, MOST_LOSSES, MOST_MEMORY = 3, 10, 3
LOST = 10 * 60_000
USED = {
    usage.tokens("shouting", "praise", "m", "prompt"): 3,
    usage.pages("shouting", "ocr"): 2,
    usage.card("shouting", "praise"): 7_000,
    **usage.batch("shouting", "praise", 5),
}


class Works(Books):
    """Three slots, and a ledger.

    Args:
        seed: of all chance.
    """

    def __init__(self, engine: Engine, seed: int) -> None:
        super().__init__()
        self.engine, self.chance = engine, random.Random(seed)
        self._generation = 0
        self.hands = [self._hand(n) for n in range(3)]
        self.held: list[Leased | None] = [None] * 3

    def work(self, at: int) -> bool:
        """One slot claims, or does something to what it holds; returns whether there was anything."""
        job = self.held[at]
        if job is None:
            answer = self.hands[at].claim()
            if answer.jobs:
                self._leased(answer.jobs[0])
                self.held[at] = answer.jobs[0]
            return bool(answer.jobs)
        if job.document in self.doomed:
            self._crash(at, job, self.doomed[job.document])
            return True
        act = self.chance.choices((self._done, self._fail, self._crash), (85, 11, 4))[0]
        act(at, job)
        return True

    def finish(self) -> None:
        """Do well all that is left."""
        self.doomed.clear()
        for at in (0, 1, 2):
            if (job := self.held[at]) is not None:
                self._done(at, job)
        while self.work(0):
            if (job := self.held[0]) is not None:
                self._done(0, job)

    def lose_leases(self) -> None:
        """No supervisor renews for ten minutes."""
        self.engine.shift("leases", LOST)
        lost = [job for job in self.held if job is not None and self.is_valid(job)]
        assert self.engine.sweep().requeued >= len(lost)
        for job in lost:
            self.ledger.note("lease_expirations", lane=self._lane(job))
            self.run_ended(job, "lost")
            if self.tally(job, "losses") > MOST_LOSSES:
                self.job_failed(job, "LeaseLost")

    def _hand(self, at: int) -> Hand:
        self._generation += 1
        return self.engine.slot(f"w{at}/0", LANES, f"i{self._generation}", ("alone", "fresh"))

    def _leased(self, job: Leased) -> None:
        self.valid[job.job] = job.token
        pipeline = job.pipeline.partition("@")[0]
        if job.delivery > 1:
            self.ledger.note("step_redeliveries", pipeline=pipeline, step=job.step)
        else:
            priority = self.engine.head(job.document)["priority"]
            self.ledger.note("step_wait_seconds", pipeline=pipeline, step=job.step, priority=priority)

    def _done(self, at: int, job: Leased) -> None:
        self.held[at] = None
        value: object = ["a", "b", "c"] if job.step == "split" else "x"
        told = self.hands[at].done(job, value)
        used, cached = USED if job.step == "praise" else {}, job.step == "moody" and self.chance.random() < 0.1
        done = Done(job, told.output, told.length, told.items, cached=cached, used=used)
        verdict = self._send(at, job, self.hands[at].calls.complete([done], 0))
        if used:
            self._used()
        if verdict == "done":
            pipeline, step = job.pipeline.partition("@")[0], job.step
            self.ledger.note("step_cached" if cached else "step_run_seconds", pipeline=pipeline, step=step)
            if not cached:
                self.ledger.note("step_runs", outcome="done", pipeline=pipeline, step=step)
            self.valid.pop(job.job)
            if job.step in PIPELINES[job.pipeline].sinks:
                self.end(job.document, "succeeded")

    def _used(self) -> None:
        """What a run used counts whether it is wanted or not: it is spent."""
        self.ledger.note("llm_tokens", 3, pipeline="shouting", step="praise", model="m", kind="prompt")
        self.ledger.note("pages_processed", 2, pipeline="shouting", way="ocr")
        self.ledger.note("gpu_seconds", 7, pipeline="shouting", step="praise")
        self.ledger.note("batch_size", pipeline="shouting", step="praise")

    def _fail(self, at: int, job: Leased) -> None:
        self.held[at] = None
        how = self.chance.choices(("attempt", "fatal", "release", "memory"), (5, 1, 2, 2))[0]
        error = self.chance.choice(("ValueError", "TimeoutError", "worker.documents.Broken", "what is no name"))
        call = self.hands[at].calls.fail([Failed(job, how, 0.0, error, "broken")], 0)
        if self._send(at, job, call) == "failed":
            self._failed(job, how, error)

    def _failed(self, job: Leased, how: str, error: str) -> None:
        retries = PIPELINES[job.pipeline].retries(job.step)
        if how == "release":
            self.valid.pop(job.job)
        elif how == "memory":
            self._out_of_memory(job)
        elif how == "fatal" or job.attempt > retries:
            self.run_ended(job, "failed")
            self.job_failed(job, error)
        else:
            self.run_ended(job, "retry")
            self.error(job, error, "retry")

    def _out_of_memory(self, job: Leased) -> None:
        self.run_ended(job, "memory")
        if self.tally(job, "memory") >= MOST_MEMORY:
            self.job_failed(job, "OutOfMemory")
        else:
            self.error(job, "OutOfMemory", "retry")

    def _crash(self, at: int, job: Leased, cause: str = "") -> None:
        """The process ends with its one job, whatever that is worth; the same is told twice."""
        cause = cause or self.chance.choice(("died", "died", "limit", "memory", "cancelled", "drained"))
        before = self.hands[at].crash(cause)
        assert self.hands[at].crash(cause) == before, "told again: nothing changes"
        self.held[at], self.hands[at] = None, self._hand(at)
        self.ledger.note("slot_processes_ended", cause=cause)
        if not self.is_valid(job):
            return
        if cause == "died":
            poison = self.tally(job, "deaths") >= MOST_DEATHS
            self.run_ended(job, "poison" if poison else "died")
            if poison:
                self.job_failed(job, "Poison")
        else:
            self._failed(job, {"limit": "attempt", "memory": "memory"}.get(cause, "release"), "HardLimit")

    def _send(self, at: int, job: Leased, call: Call[SlotAnswer]) -> str:
        """Send a call, now and then twice, and see that the verdict is the one that is due."""
        answer = self.hands[at].send(call)
        if self.chance.random() < 0.1:
            assert self.hands[at].send(call).verdicts == answer.verdicts
        (verdict,) = answer.verdicts
        if not self.is_valid(job):
            assert verdict == self.late(job)
            self.ledger.note("late_calls", verdict=verdict)
        return verdict

    def _lane(self, job: Leased) -> str:
        return PIPELINES[job.pipeline].lane(job.step)
