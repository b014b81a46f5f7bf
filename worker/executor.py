"""Running one job, a pipeline over one value: prepare, run, conclude; one clause an outcome.

`prepare` and `conclude` are the same for a slot of its own and for the shared process; only the run between them differs.
"""

import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from orchestrator.blobs import Blobs
from orchestrator.calls import Call, Done, Failed, Leased, SlotCalls
from orchestrator.connection import Blocking
from orchestrator.errors import Fatal, Retry, Unavailable
from orchestrator.registry import Registry
from orchestrator.retry import service_delay
from orchestrator.settings import Settings
from worker.binding import Binding, Bindings
from worker.context import RunContext
from worker.inputs import Inputs
from worker.outputs import Outputs
from worker.residency import Residents

Outcome = Done | Failed


@dataclass(frozen=True, slots=True)
class Run:
    """A job ready to be run."""

    job: Leased
    binding: Binding
    arguments: dict[str, Any]

    def call(self) -> Any:
        """Run the step; an async step gives a coroutine."""
        return self.binding.function(**self.arguments)

    def close(self) -> None:
        """Nothing that the step left behind may speak for it."""
        if "ctx" in self.arguments:
            self.arguments["ctx"].close()


class Executor:
    """Runs the jobs of one process.

    Args:
        reader: for what is read and reported beside the slot's own calls.
    """

    def __init__(self, settings: Settings, registry: Registry, reader: Blocking) -> None:
        self._settings, self._registry, self._reader = settings, registry, reader
        self._blobs = Blobs(settings.blobs)
        self._bindings, self._residents = Bindings(), Residents(settings)
        self._inputs, self._outputs = Inputs(reader, self._blobs), Outputs(self._blobs)

    def prepare(self, job: Leased, calls: SlotCalls) -> Run | Failed:
        """Gather the arguments."""
        binding = self._bindings.of(self._registry.with_id(job.pipeline), job.pipeline, job.step)
        try:
            arguments = self._inputs.gather(job, binding)
        except Exception as problem:
            return judge(job, binding, problem)
        if binding.call.step.wants_context:
            arguments["ctx"] = self._context(job, calls)
        return Run(job, binding, arguments)

    def conclude(self, run: Run, value: Any, calls: SlotCalls) -> Outcome:
        """Encode and store what the step returned."""
        try:
            return self._outputs.done(run.job, run.binding, value, self._item_sender(run.job, calls))
        except Exception as problem:
            return judge(run.job, run.binding, problem)

    def execute(self, job: Leased, calls: SlotCalls) -> Outcome:
        """Prepare, run and conclude a step that is not async."""
        run = self.prepare(job, calls)
        if isinstance(run, Failed):
            return run
        try:
            value = run.call()
        except Exception as problem:
            return judge(job, run.binding, problem)
        finally:
            run.close()
        return self.conclude(run, value, calls)

    def _context(self, job: Leased, calls: SlotCalls) -> RunContext:
        def report(done: int, total: int) -> None:
            self._send(calls.progress(job, done, total))

        return RunContext(job, self._settings, self._blobs, self._residents, report)

    def _item_sender(self, job: Leased, calls: SlotCalls) -> Callable[[int, Any], object]:
        return lambda first, items: self._send(calls.items(job, first, items))

    def _send(self, call: Call[str]) -> str:
        return self._reader.send(call)


def judge(job: Leased, binding: Binding, problem: BaseException) -> Failed:
    """What an exception means for its job."""
    name, text = type(problem).__name__, str(problem)
    backoff = binding.call.step.retry.delay_after(job.attempt)
    match problem:
        case Fatal():
            return Failed(job, "fatal", 0.0, name, text)
        case Retry(after=after):
            return Failed(job, "attempt", backoff if after is None else after, name, text)
        case Unavailable(after=after):
            return Failed(job, "wait", service_delay(job.delivery) if after is None else after, name, text)
        case _:
            return Failed(job, "attempt", backoff, name, f"{text} ({_where(problem)})")


def _where(problem: BaseException) -> str:
    frames = traceback.extract_tb(problem.__traceback__)
    return f"{frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else "no traceback"
