"""The scripts, driven by hand: what a slot and a supervisor call, one call at a time, with no process in between."""

import json
from typing import Any

from orchestrator.calls import (
    Call,
    DocumentCalls,
    Done,
    DutyCalls,
    Failed,
    Leased,
    SlotAnswer,
    SlotCalls,
    SupervisionCalls,
)
from orchestrator.calls.duties import Swept
from orchestrator.calls.supervision import Renewal
from orchestrator.connection import Blocking
from orchestrator.graph import Pipeline
from orchestrator.ids import new_id
from orchestrator.keys import Keys
from orchestrator.views import Run
from tests.support.server import Server

LANES = ("gpu", "llm", "cpu")


class Engine:
    """The scripts of one server.

    Args:
        url: where calls go, if not straight to the server: a proxy.
    """

    def __init__(self, server: Server, *pipelines: Pipeline, url: str | None = None, lease: float = 30.0) -> None:
        self.server, self.lease, self.keys = server, lease, Keys()
        self.transport = Blocking(url or server.url, patience=5)
        self.documents, self.duties = DocumentCalls(self.keys), DutyCalls(self.keys)
        self.pipelines = {p.id: p for p in pipelines} | {p.on_finish.id: p.on_finish for p in pipelines if p.on_finish}
        for pipeline in self.pipelines.values():
            self.transport.send(self.documents.submit(pipeline.id, [], plan=pipeline.plan))

    def submit(self, pipeline: Pipeline, document: str | None = None, **more: Any) -> str:
        """Accept one document; `parameters` by keyword, and what `DocumentCalls.submit` takes."""
        names = ("priority", "tenant", "lanes", "delay", "deadline", "batch")
        options = {name: more.pop(name) for name in names if name in more}
        document = document or new_id()
        options["unwanted"] = {document: pipeline.unwanted(more)}
        value = pipeline.input_json(more)
        assert self.transport.send(self.documents.submit(pipeline.id, [(document, value)], **options))[0] == "accepted"
        return document

    def slot(
        self,
        name: str = "w/0",
        lanes: tuple[str, ...] = LANES,
        incarnation: str = "i1",
        words: tuple[str, ...] = ("alone",),
    ) -> "Hand":
        """A slot, announced by its supervisor; `words` besides its pipelines, as in `lua/lib/served.lua`."""
        worker = name.partition("/")[0]
        supervision = SupervisionCalls(self.keys, worker, self.lease)
        self.transport.send(supervision.renew({name: incarnation}, {}))
        calls = SlotCalls(self.keys, name, incarnation, lanes, [*self.pipelines, *words])
        return Hand(self, calls, supervision, {name: incarnation})

    def head(self, document: str) -> dict[str, str]:
        """A document's state."""
        return self.transport.send(self.documents.head(document))

    def run(self, document: str, step: str) -> Run:
        """A job's last run."""
        return Run.parse(self.head(document).get(f"{step}.run"))

    def data(self, document: str) -> dict[str, bytes]:
        """A document's input and outputs."""
        return self.transport.send(self.documents.data(document))

    def log(self, document: str) -> list[str]:
        """A document's log."""
        return self.transport.send(self.documents.log(document))

    def sweep(self) -> Swept:
        """What time alone brings about."""
        return self.transport.send(self.duties.sweep())

    def age(self, document: str, step: str, seconds: int) -> None:
        """Pretend that a step has been ready for so much longer."""
        self.server.redis.hincrby(self.keys.doc(document), f"{step}.ready", -seconds * 1000)

    def shift(self, zset: str, milliseconds: int) -> None:
        """Pretend that so much time has passed for what waits in a zset: the server's clock stays the one clock."""
        name = self.keys.named(zset)
        for member in self.server.redis.zrange(name, 0, -1):
            self.server.redis.zincrby(name, -milliseconds, member)


class Hand:
    """One slot, moved by hand."""

    def __init__(self, engine: Engine, calls: SlotCalls, supervision: SupervisionCalls, slots: dict[str, str]) -> None:
        self._engine, self.calls, self.supervision, self.slots = engine, calls, supervision, slots

    def send(self, call: Call[SlotAnswer]) -> SlotAnswer:
        """Make a call of this slot."""
        return self._engine.transport.send(call)

    def claim(self, want: int = 1) -> SlotAnswer:
        """Lease jobs."""
        return self.send(self.calls.claim(want))

    def take(self) -> Leased:
        """Lease one job that must be there."""
        answer = self.claim()
        assert answer.jobs, f"nothing to take: {answer.word}"
        return answer.jobs[0]

    def complete(self, job: Leased, value: Any = "done", want: int = 0) -> SlotAnswer:
        """End a job with its output; a step that is mapped over is given a list."""
        return self._engine.transport.send(self.calls.complete([self.done(job, value)], want))

    def done(self, job: Leased, value: Any) -> Done:
        """What complete is told."""
        if isinstance(value, list):
            items = [json.dumps(item).encode() for item in value]  # pyright: ignore[reportUnknownVariableType]
            return Done(job, length=len(items), items=items)
        return Done(job, json.dumps(value).encode())

    def fail(self, job: Leased, how: str = "attempt", delay: float = 0.0, want: int = 0) -> SlotAnswer:
        """End a job that did not succeed."""
        return self._engine.transport.send(self.calls.fail([Failed(job, how, delay, "ValueError", "broken")], want))

    def renew(self, lanes: tuple[str, ...] = ()) -> Renewal:
        """What the supervisor calls each second."""
        return self._engine.transport.send(self.supervision.renew(self.slots, {}, lanes))

    def crash(self, cause: str = "died", token: str = "", delay: float = 0.0) -> tuple[bool, list[str]]:
        """What the supervisor calls when the slot's process ended."""
        return self._engine.transport.send(self.supervision.crash(self.slots, cause, token, "SIGKILL", delay))

    def work_off(self, value: Any = "done") -> list[str]:
        """Do everything there is, each job well; returns the jobs in order."""
        jobs: list[str] = []
        answer = self.claim()
        while answer.jobs:
            job = answer.jobs[0]
            jobs.append(job.job.partition("/")[2])
            answer = self.complete(job, value(job) if callable(value) else value, want=1)
        return jobs
