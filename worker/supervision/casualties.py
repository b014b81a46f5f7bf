"""The jobs that a process had in it when it ended: a line for each, and the span that the process can no longer send."""

import time
from typing import NamedTuple, Protocol, TypeVar

from orchestrator.calls import Call, DocumentCalls, SupervisionCalls
from orchestrator.keys import Keys, shard_of
from orchestrator.lanes import trace_in
from orchestrator.logs import logger
from orchestrator.tracing.runs import attributes
from orchestrator.tracing.spans import exporting
from orchestrator.tracing.traceparent import lineage
from worker.supervision.process import SlotProcess

log = logger(__name__)

T = TypeVar("T")


class Send(Protocol):
    """The way to Redis; None where it is away."""

    def __call__(self, call: Call[T]) -> T | None:
        """Make a call."""
        ...


class Lost(NamedTuple):
    """A run whose process ends, as its trace has it."""

    job: str
    token: str
    slot: str
    pipeline: str
    trace: str


class Casualties:
    """Tells Redis of the end of processes, and everybody else of what they had in them.

    Args:
        calls: of the worker.
    """

    def __init__(self, calls: SupervisionCalls, send: Send) -> None:
        self._calls, self._send, self._documents = calls, send, DocumentCalls(Keys())

    def crash(
        self, process: SlotProcess, cause: str, token: str, facts: str, delay: float = 0.0
    ) -> tuple[bool, list[str]] | None:
        """Retire its slots, as `SupervisionCalls.crash`; None where Redis is away."""
        lost = self._lost(process) if exporting() is not None else []
        answer = self._send(self._calls.crash(process.slots, cause, token, facts, delay))
        for job in answer[1] if answer is not None else ():
            document, _, step = job.partition("/")
            slot = process.names[0] if len(process.names) == 1 else list(process.names)
            log.warning("run ended from outside", document=document, step=step, slot=slot, cause=cause, how=facts)
        for one in lost:
            if answer is not None and one.job in answer[1]:
                _tell(one, cause)
        return answer

    def _lost(self, process: SlotProcess) -> list[Lost]:
        """What its slots' records say that they hold: asked before they are retired."""
        found: list[Lost] = []
        for slot in process.names:
            record = self._send(self._documents.slot(slot)) or {}
            for held in filter(None, record.get("jobs", "").split(" | ")):
                job, token, _ = held.split(" ")
                document = job.partition("/")[0]
                calls = DocumentCalls(Keys(shard_of(document)))
                pipeline, lanes = self._send(calls.fields(document, ["pipeline", "lanes"])) or (None, None)
                trace = trace_in((lanes or b"").decode())
                found.append(Lost(job, token, slot, (pipeline or b"").decode(), trace))
        return found


def _tell(lost: Lost, cause: str) -> None:
    """The span that its slot began, under the id that it had there: from the lease, whose token is its time, until now."""
    from orchestrator.tracing.exporting import Open

    out = exporting()
    assert out is not None
    document, _, step = lost.job.partition("/")
    told = {**attributes(lost.job, lost.pipeline, lost.slot), "docmill.outcome": cause}
    line = lineage(document, lost.trace)
    begun = out.run(f"run {step.partition('[')[0]}", line, lost.token, told, start=int(lost.token) * 1000)
    Open(begun).failed(cause)
    begun.end(max(time.time_ns(), int(lost.token) * 1000))
