"""The spans of a run: one for each of its jobs; that of the first is the one that its step's own work is inside of."""

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType
from typing import TYPE_CHECKING, Self

from orchestrator.calls import Done, Failed, Leased
from orchestrator.tracing.runs import attributes
from orchestrator.tracing.spans import Value, exporting
from orchestrator.tracing.traceparent import Lineage, Traceparent, lineage

if TYPE_CHECKING:
    from opentelemetry.trace import Span

    from orchestrator.tracing.exporting import Exporting


class RunSpans:
    """Around a run, in a process that traces.

    Args:
        jobs: one, or those of a batch.
        slot: `<worker>/<n>`.
        step: what is to be said of their step.
    """

    def __init__(self, jobs: Sequence[Leased], slot: str, step: Mapping[str, Value]) -> None:
        out = exporting()
        assert out is not None
        self._out = out
        self._stack = ExitStack()
        same = {**step, **({"docmill.batch_size": len(jobs)} if len(jobs) > 1 else {})}
        first = _begun(out, jobs[0], slot, same, ())
        beside = first.get_span_context()
        call = (Traceparent(beside.trace_id, beside.span_id, beside.trace_flags & 1),)
        self._first = first
        self._spans = {jobs[0].job: first} | {job.job: _begun(out, job, slot, same, call) for job in jobs[1:]}

    def __enter__(self) -> Self:
        self._stack.enter_context(self._out.within(self._first))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, problem, trace)
        for span in self._spans.values():
            span.end()

    def ended(self, outcome: Done | Failed) -> None:
        """One of the jobs has."""
        from orchestrator.tracing.exporting import Open

        told = Open(self._spans[outcome.job.job])
        if isinstance(outcome, Failed):
            told.put({"docmill.outcome": outcome.how})
            told.failed(outcome.error)
        else:
            told.put({"docmill.outcome": "cached" if outcome.cached else "done"})


def _begun(out: "Exporting", job: Leased, slot: str, same: Mapping[str, Value], call: Sequence[Traceparent]) -> "Span":
    origin = job.origin
    line = lineage(job.document, origin.parent if origin else "")
    told: dict[str, Value] = {
        **attributes(job.job, job.pipeline, slot), **same,
        "docmill.attempt": job.attempt, "docmill.delivery": job.delivery, "docmill.tenant": job.tenant,
    }  # fmt: skip
    if origin is not None and job.index is None:
        told["docmill.waited_ms"] = origin.waited
    return out.run(f"run {job.step}", line, job.token, told, [*_earlier(line, job), *call])


def _earlier(line: Lineage, job: Leased) -> list[Traceparent]:
    """The span of the job's last run, in this life of its document or in a former one."""
    origin = job.origin
    if origin is None or origin.before == "0":
        return []
    return [Traceparent(line.trace, line.run(origin.before))]
