"""Running one job, a pipeline over one value: prepare, run, conclude; one clause an outcome.

`prepare` and `conclude` are the same for a slot of its own and for the shared process; only the run between them differs.
"""

import time
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

import msgspec
from msgspec.structs import replace

from orchestrator.blobs import Blobs
from orchestrator.calls import Call, Done, Failed, Leased, SlotCalls
from orchestrator.connection import Blocking
from orchestrator.graph.limits import Batch, Limits
from orchestrator.registry import Registry
from orchestrator.settings import Settings
from orchestrator.tracing.spans import Value, is_on
from worker.line.orders import Orders
from worker.residency import Residents
from worker.running.binding import Binding, Bindings
from worker.running.caching import ResultCache, Work
from worker.running.context import RunContext
from worker.running.inputs import Inputs
from worker.running.judging import Judge
from worker.running.limits import SoftLimits
from worker.running.outputs import Outputs
from worker.running.telling import Telling
from worker.running.voice import Voice
from worker.spending import Spent, counting

Outcome = Done | Failed
NOTHING = nullcontext()
"""Around a step that has no context: it can ask for nothing."""


class Run(msgspec.Struct, frozen=True):
    """A job ready to be run."""

    job: Leased
    binding: Binding
    arguments: dict[str, Any]
    work: Work | None = None
    """Of a cached step: what its result is kept as."""
    spent: Spent | None = None
    """What it uses; None where it can use nothing that is counted."""

    @property
    def limits(self) -> Limits:
        """Of the step, seconds."""
        return self.binding.call.step.limits


class Executor:
    """Runs the jobs of one process.

    Args:
        reader: for what is read and reported beside the slot's own calls.
        orders: of the supervisor; None where there is none.
    """

    def __init__(self, settings: Settings, registry: Registry, reader: Blocking, orders: Orders | None = None) -> None:
        self._settings, self._reader = settings, reader
        self.limits = SoftLimits()
        """To be installed where steps run in the main thread, one at a time."""
        self._orders = orders
        self._blobs = Blobs(settings.blobs)
        self._bindings, self.residents = Bindings(registry), Residents(settings)
        self.judge = Judge(settings, self.residents)
        self._has_batches = any(step.batch for step in registry.steps)
        self._inputs, self._outputs = Inputs(reader, self._blobs), Outputs(self._blobs)
        self._cache = ResultCache(settings, self._blobs, reader.send)
        self.has_card = False
        """Whether this process' steps run on a card."""

    def prepare(self, job: Leased, calls: SlotCalls) -> Run | Outcome:
        """Gather the arguments; of a cached step, an outcome where the same was done before."""
        binding = self._bindings.of(job)
        try:
            arguments = self._inputs.gather(job, binding)
        except Exception as problem:
            return self.judge(job, binding, problem)
        run = Run(
            job, binding, arguments, self._cache.work(job, binding, arguments) if binding.call.step.cache else None
        )
        if run.work is not None and (found := self._cache.find(run.work)):
            return self._recalled(replace(run, work=None), found[0], calls)
        if binding.call.step.wants_context:
            arguments["ctx"] = self._context(job, calls)
            return replace(run, spent=Spent(job.pipeline.partition("@")[0], job.step))
        return run

    def batch_of(self, job: Leased) -> Batch | None:
        """How many of its step's jobs may run together, and how long they may be waited for; None runs them one by one."""
        if not self._has_batches:
            return None
        return self._bindings.of(job).call.step.batch

    def conclude(self, run: Run, value: Any, calls: SlotCalls) -> Outcome:
        """Encode and store what the step returned."""
        try:
            sender = self._item_sender(run.job, calls) if run.binding.makes_list else None
            done = self._outputs.done(run.job, run.binding, value, sender)
        except Exception as problem:
            return told(run, self.judge(run.job, run.binding, problem))
        if run.work is not None and not ("ctx" in run.arguments and run.arguments["ctx"].uncached):
            self._cache.keep(run.work, value)
        return told(run, done)

    def _recalled(self, run: Run, value: Any, calls: SlotCalls) -> Outcome:
        outcome = self.conclude(run, value, calls)
        return replace(outcome, cached=True) if isinstance(outcome, Done) else outcome

    def execute(self, job: Leased, calls: SlotCalls) -> Outcome:
        """Prepare, run and conclude a step that is not async; tell of it."""
        with self.telling([job], calls) as telling:
            return telling.ended(self._execute(job, calls))

    def telling(self, jobs: Sequence[Leased], calls: SlotCalls) -> Telling:
        """Around a run of a job, or of the jobs of a batch."""
        return Telling(jobs, calls.slot, self._of_step(jobs[0], calls) if is_on() else None)

    def _of_step(self, job: Leased, calls: SlotCalls) -> dict[str, Value]:
        step = self._bindings.of(job).call.step
        lane = step.lane if step.lane in calls.lanes else calls.lanes[0].partition(":")[0]
        return {"docmill.lane": lane} | ({"docmill.model": step.model} if step.model else {})

    def _execute(self, job: Leased, calls: SlotCalls) -> Outcome:
        run = self.prepare(job, calls)
        if not isinstance(run, Run):
            return run
        try:
            value = self._call(run)
        except Exception as problem:
            failed = problem
        else:
            return self.conclude(run, value, calls)
        return told(run, self.judge(job, run.binding, failed))

    def _call(self, run: Run) -> Any:
        step = run.binding.call.step
        if "ctx" not in run.arguments:  # mostly: a context that does nothing costs too
            return self.limits.run(step.function, run.arguments, step.limits.soft)
        with self._with_context(run):
            return self.limits.run(step.function, run.arguments, step.limits.soft)

    def at_work(self, run: Run) -> AbstractContextManager[None]:
        """Around a step: its time counts and what it asks for stays loaded; afterwards, what it left behind says no more."""
        return self._with_context(run) if "ctx" in run.arguments else NOTHING

    @contextmanager
    def _with_context(self, run: Run) -> Generator[None]:
        context: RunContext = run.arguments["ctx"]
        context.begin(run.limits.soft)
        spent = run.spent or Spent("", "")
        began = time.monotonic()
        try:
            with self.residents.job(), counting(spent):
                yield
        finally:
            context.close()
            if self.has_card:
                spent.card(time.monotonic() - began)

    def _context(self, job: Leased, calls: SlotCalls) -> RunContext:
        def ordered_to_end() -> bool:
            return self._orders is not None and self._orders.cancelled(job.token)

        voice, shield = Voice(job, calls, self._send), self.limits.shielded()
        return RunContext(job, self._settings, self._blobs, self.residents, voice, ordered_to_end, shield)

    def _item_sender(self, job: Leased, calls: SlotCalls) -> Callable[[int, Any], object]:
        return lambda first, items: self._send(calls.items(job, first, items))

    def _send(self, call: Call[Any]) -> Any:
        return self._reader.send(call)


def told(run: Run, outcome: Outcome) -> Outcome:
    """The outcome with what the run used."""
    return replace(outcome, used=run.spent.used) if run.spent is not None else outcome
