"""The steps of a shared process: each a task of its own, which a limit or an order ends without touching the others.

asyncio can only cancel: all that a step sees is `CancelledError`. Why it was cancelled decides what becomes of its job.
"""

import asyncio
from contextlib import suppress
from typing import Any

from orchestrator.calls import Failed
from orchestrator.errors import Fatal, Retry
from orchestrator.logs import logger
from worker.line.orders import Orders
from worker.running.executor import Run
from worker.running.judging import Judge, where

log = logger(__name__)

GRACE = 1.0
"""Seconds that a step has to end after its hard limit, or after the order to; then it is left to itself."""
ORDER, SOFT, HARD = "Cancelled", "SoftLimit", "HardLimit"
"""Why a step is cancelled, as the error of its job."""


class StepTask:
    """One run of one step, begun at once."""

    def __init__(self, run: Run, judge: Judge) -> None:
        self._run, self._why, self._judge_error = run, "", judge
        self._loop = asyncio.get_running_loop()
        self._settled: asyncio.Future[None] = self._loop.create_future()
        self.task: asyncio.Task[Any] = self._loop.create_task(run.binding.function(**run.arguments), name=run.job.job)
        self.task.add_done_callback(lambda _: self._settle())
        limits = ((run.limits.soft, SOFT), (run.limits.hard, HARD))
        self._timers = [self._loop.call_later(after, self.stop, why) for after, why in limits if after]

    def stop(self, why: str) -> None:
        """Cancel the step. After its soft limit it may go on until the hard one; after that it is given up."""
        if not self.task.cancel():
            return
        self._why = why
        if why != SOFT:
            self._disarm()
            self._timers.append(self._loop.call_later(GRACE, self._settle))

    async def outcome(self) -> Any:
        """What the step returned, or a `Failed`; one that was given up still runs then."""
        try:
            await self._settled
        finally:
            self._disarm()
            self.task.cancel()  # of use where this slot itself is being cancelled
        return self._judge()

    def _judge(self) -> Any:
        job, binding = self._run.job, self._run.binding
        problem = self._problem()
        if self._why == ORDER:
            return Failed(job, "release", 0.0, ORDER, "the job was ordered to end")
        if problem is None:
            return self.task.result()
        if not self._why or isinstance(problem, Fatal | Retry):  # the step's own word on its fate counts
            return self._judge_error(job, binding, problem)
        delay = binding.call.step.retry.delay_after(job.attempt)
        return Failed(job, "attempt", delay, self._why, f"{self._text()} ({where(problem)})")

    def _problem(self) -> BaseException | None:
        try:
            self.task.result()
        except (Exception, asyncio.CancelledError) as problem:  # a task that still runs has an InvalidStateError
            return problem
        return None

    def _text(self) -> str:
        name, limits = ("soft", self._run.limits.soft) if self._why == SOFT else ("hard", self._run.limits.hard)
        end = "" if self.task.done() else " and does not end when it is cancelled"
        return f"the step ran longer than its {name} limit of {limits:g} s{end}"

    def _settle(self) -> None:
        if not self._settled.done():
            self._settled.set_result(None)

    def _disarm(self) -> None:
        for timer in self._timers:
            timer.cancel()


class StepTasks:
    """All the steps that run in this process, by the token of the job's lease."""

    def __init__(self, orders: Orders, judge: Judge) -> None:
        self._orders, self._judge = orders, judge
        self._running: dict[str, StepTask] = {}
        self.given_up: set[asyncio.Task[Any]] = set()
        """Tasks that would not end, for as long as they run."""

    def listen(self) -> None:
        """Follow orders to cancel from now on, in the running loop."""
        loop = asyncio.get_running_loop()

        def tell(token: str) -> None:
            with suppress(RuntimeError):  # the loop has ended, and with it every step
                loop.call_soon_threadsafe(self._stop, token)

        self._orders.on_cancel(tell)

    async def run(self, run: Run) -> Any:
        """What the step returns, or a `Failed`; it is never an exception, except that this slot itself is cancelled."""
        token = run.job.token
        try:
            one = self._running[token] = StepTask(run, self._judge)
        except Exception as problem:
            return self._judge(run.job, run.binding, problem)
        if self._orders.cancelled(token):  # ordered before it had begun
            one.stop(ORDER)
        try:
            return await one.outcome()
        finally:
            del self._running[token]
            if not one.task.done():
                self._give_up(one.task)

    def _stop(self, token: str) -> None:
        if token in self._running:
            self._running[token].stop(ORDER)

    def _give_up(self, task: asyncio.Task[Any]) -> None:
        log.warning("step does not end when it is cancelled")
        self.given_up.add(task)  # asyncio itself holds tasks weakly
        task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[Any]) -> None:
        self.given_up.discard(task)
        if not task.cancelled():
            task.exception()  # seen, lest asyncio complains that nobody did
