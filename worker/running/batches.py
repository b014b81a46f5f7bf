"""Running a batch: one call for many jobs, each of which ends by itself.

A batch that fails is split in halves until the bad job stands alone; where memory was short, smaller halves may do.
"""

from collections.abc import Sequence
from typing import Any

from msgspec.structs import replace

from orchestrator.calls import Leased, SlotCalls
from orchestrator.errors import Retry, SoftLimit, Unavailable
from orchestrator.logs import logger, place_of
from orchestrator.metrics import usage
from worker.residency.memory import is_out_of_memory
from worker.running.executor import Executor, Outcome, Run, told

log = logger(__name__)

FOR_ALL = (SoftLimit, Unavailable, Retry)
"""Errors that no smaller batch would escape: time has passed, a service is down, the step asked for another try."""


class Batches:
    """Runs batches with the parts of an executor."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    def execute(self, jobs: Sequence[Leased], calls: SlotCalls) -> list[Outcome]:
        """Prepare all, run them in one call or in as few as work, conclude each; tell of them."""
        with self._executor.telling(jobs, calls) as telling:
            return [telling.ended(outcome) for outcome in self._execute(jobs, calls)]

    def _execute(self, jobs: Sequence[Leased], calls: SlotCalls) -> list[Outcome]:
        prepared = [self._executor.prepare(job, calls) for job in jobs]
        outcomes: list[Outcome] = [one for one in prepared if not isinstance(one, Run)]
        for runs in _alike([one for one in prepared if isinstance(one, Run)]):
            outcomes += self._run(runs, calls)
        return outcomes

    def _run(self, runs: list[Run], calls: SlotCalls) -> list[Outcome]:
        try:
            values = self._call(runs)
        except Exception as problem:
            failed = problem
        else:
            first, *others = (self._executor.conclude(*both, calls) for both in zip(runs, values, strict=True))
            return [_with_size(first, len(runs)), *others]
        return self._after(failed, runs, calls)

    def _after(self, problem: Exception, runs: list[Run], calls: SlotCalls) -> list[Outcome]:
        judge = self._executor.judge
        if len(runs) == 1 or isinstance(problem, FOR_ALL):
            return [told(run, judge(run.job, run.binding, problem)) for run in runs]
        log.warning("a batch is split", size=len(runs), error=place_of(problem))
        if is_out_of_memory(problem):
            judge.make_room(problem)
        half = len(runs) // 2
        return self._run(runs[:half], calls) + self._run(runs[half:], calls)

    def _call(self, runs: list[Run]) -> list[Any]:
        """One call of the step.

        Raises:
            TypeError: it did not return a list of as many results.
        """
        first = next(iter(runs[0].arguments))
        arguments: dict[str, Any] = {**runs[0].arguments, first: [run.arguments[first] for run in runs]}
        with self._executor.at_work(runs[0]):
            values = self._executor.limits.run(runs[0].binding.function, arguments, runs[0].limits.soft)
        if not isinstance(values, list) or len(values) != len(runs):  # pyright: ignore[reportUnknownArgumentType]
            raise TypeError(f"step {runs[0].job.step} has a batch: it must return a list of {len(runs)} results")
        return values  # pyright: ignore[reportUnknownVariableType]


def _with_size(first: Outcome, size: int) -> Outcome:
    """The batch is counted once, with the first of its jobs."""
    job = first.job
    return replace(first, used={**first.used, **usage.batch(job.pipeline.partition("@")[0], job.step, size)})


def _alike(runs: list[Run]) -> list[list[Run]]:
    """Those whose other arguments are the same. The lane's class is a digest of the key; what is run together is looked at."""
    groups: list[list[Run]] = []
    for run in runs:
        group = next((one for one in groups if _others(one[0]) == _others(run)), None)
        if group is None:
            groups.append([run])
        else:
            group.append(run)
    return groups


def _others(run: Run) -> dict[str, Any]:
    """All arguments but the first, which each job has for itself, and the context."""
    names = [name for name in run.arguments if name != "ctx"][1:]
    return {name: run.arguments[name] for name in names}
