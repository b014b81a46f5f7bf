"""One slot in the test's own process: claims, runs and ends one job, or one batch, at a time; real scripts, real executor."""

import os
import socket
from collections.abc import Sequence

from orchestrator.calls import Leased, SlotAnswer, SlotCalls, SupervisionCalls
from orchestrator.clients import Client
from orchestrator.connection import Blocking
from orchestrator.errors import Stuck
from orchestrator.ids import short_id
from orchestrator.keys import Keys
from orchestrator.registry import Registry
from orchestrator.settings import Settings
from worker.line.orders import Orders
from worker.running.batches import Batches
from worker.running.executor import Executor, Outcome
from worker.slots.sending import settle_call
from worker.slots.shared import SharedSlots
from worker.testing.instruments import SlotKilled

WORDS = ("alone", "fresh")
"""A slot that nothing is kept from: every job may come here."""
REFUSALS = frozenset({"old", "retired", "unknown", "unrenewed"})
"""Answers to a claim that only something outside this mill can bring about."""
FACTS = "SIGKILL, by the test"


class Runner:
    """The slot of a mill.

    Args:
        client: on whose loop async steps run: on one, as in a worker.
    """

    def __init__(self, settings: Settings, transport: Blocking, registry: Registry, client: Client) -> None:
        self._settings, self._transport, self._registry, self._client = settings, transport, registry, client
        self._worker = f"test-{short_id()}"
        self._supervision = SupervisionCalls(Keys(), self._worker, settings.lease)
        self._name, self.lanes = f"{self._worker}/0", list[str]()
        self.wait = 0.0
        """Seconds until a lane that is paced gives a job; 0 where none is."""

    def prepare(self, lanes: Sequence[str]) -> None:
        """Serve these lanes, and all pipelines that the registry has by now: as a new process would."""
        self.lanes, self._incarnation = list(lanes), short_id()
        self._executor = Executor(self._settings, self._registry, self._transport)
        self._batches = Batches(self._executor)
        assert self._settings.redis_url is not None
        self._shared = SharedSlots(self._settings.redis_url, [], "", [], self._executor, Orders([]), [])
        self._calls = SlotCalls(Keys(), self._name, self._incarnation, self.lanes, [*self._registry.ids, *WORDS])

    def run_one(self) -> list[str]:
        """Run the job that comes next; returns what was run: nothing, a job, or the jobs of a batch."""
        self.announce()
        answer = self._transport.send(self._calls.claim())
        self.wait = answer.wait
        if not answer.jobs:
            if answer.word in REFUSALS:
                raise Stuck(f"the slot of this mill was refused ({answer.word}): two mills, or a flushed server?")
            return []
        jobs = [*answer.jobs, *self._more(answer)]
        try:
            for outcome in self._run(jobs):
                self._transport.send(settle_call(self._calls, outcome, 0))
        except SlotKilled:
            self._die()
        return [job.job for job in jobs]

    def announce(self) -> None:
        """Be alive, as a supervisor says it of its slots; say what is served here, for whoever asks why a job waits."""
        facts = {"host": socket.gethostname(), "pid": str(os.getpid()), "slots": "1", "lanes": " ".join(self.lanes)}
        facts["serves"] = " ".join(self._registry.ids)
        self._transport.send(self._supervision.renew({self._name: self._incarnation}, facts))

    def _more(self, answer: SlotAnswer) -> list[Leased]:
        """What one call did not bring of a batch that is not full."""
        batch, found = self._executor.batch_of(answer.jobs[0]), list[Leased]()
        while batch and answer.part and (left := batch.max_size - len(answer.jobs) - len(found)) > 0:
            more = self._transport.send(self._calls.claim_more(answer.part, left)).jobs
            if not more:
                break
            found += more
        return found

    def _run(self, jobs: Sequence[Leased]) -> Sequence[Outcome]:
        first = jobs[0]
        step = self._registry.with_id(first.pipeline).calls[first.step].step
        if step.batch:
            return self._batches.execute(jobs, self._calls)
        if step.is_async:
            return [self._client.perform(lambda _: self._shared.execute(first, self._calls))]
        return [self._executor.execute(first, self._calls)]

    def _die(self) -> None:
        """What a supervisor does that sees a slot's death; a new process takes its place."""
        self._transport.send(self._supervision.crash({self._name: self._incarnation}, "died", "", FACTS))
        self.prepare(self.lanes)
