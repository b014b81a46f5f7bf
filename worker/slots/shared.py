"""The shared slot process: many slots as asyncio tasks, and one waker that blocks on the hints for all of them."""

import asyncio
import os
from collections.abc import Sequence

from orchestrator import tracing
from orchestrator.calls import Failed, Leased, SlotAnswer, SlotCalls
from orchestrator.connection import Asynchronous
from orchestrator.failpoints import failpoint
from orchestrator.keys import Keys
from worker.line.orders import Orders
from worker.running.executor import Executor, Outcome, Run, told
from worker.running.step_tasks import StepTasks
from worker.slots.sending import IDLE_CLAIM, NOT_ANNOUNCED, checked, rest_after, settle_call


class SharedSlots:
    """All slots of one process.

    Args:
        executor: prepares and concludes, in threads.
    """

    def __init__(
        self, url: str, names: Sequence[str], incarnation: str, lanes: Sequence[str],
        executor: Executor, orders: Orders, serves: Sequence[str],
    ) -> None:  # fmt: skip
        self._transport = Asynchronous(url, patience=float("inf"))
        self._calls = [SlotCalls(Keys(), name, incarnation, lanes, serves) for name in names]
        self._hints = [Keys().wake(lane) for lane in lanes]
        self._executor, self._orders = executor, orders
        self.tasks = StepTasks(orders, executor.judge)
        self._turn = asyncio.Semaphore(0)
        self._waiting, self._ended, self._rest = 0, False, IDLE_CLAIM
        self._some_wait = asyncio.Event()

    async def run(self) -> None:
        """Work until told to stop."""
        self.tasks.listen()
        waker = asyncio.create_task(self._wake())
        async with asyncio.TaskGroup() as tasks:
            for calls in self._calls:
                tasks.create_task(self._slot(calls))
        # Told, not cancelled: a cancellation inside redis-py may be swallowed, and the waker waits a second at most.
        self._ended = True
        self._some_wait.set()
        await waker
        await self._transport.close()
        if self.tasks.given_up:
            tracing.end()
            os._exit(0)  # asyncio would wait for them, and they do not end

    async def _wake(self) -> None:
        """One claim at a time: a slot that gets a job lets the next free one try, so one hint fills them all."""
        while not self._ended:
            await self._some_wait.wait()
            rest, self._rest = self._rest, IDLE_CLAIM
            await self._transport.wait_for_hint(self._hints, rest)
            for _ in range(self._waiting if self._orders.stopping else 1):
                self._turn.release()

    async def _slot(self, calls: SlotCalls) -> None:
        while not self._orders.stopping:
            await self._my_turn()
            if self._orders.stopping:
                return
            answer = await self._transport.send(calls.claim())
            if answer.word == "retired":
                return
            self._rest = min(self._rest, rest_after(answer))
            if answer.word in {"unknown", "unrenewed"}:
                await asyncio.sleep(NOT_ANNOUNCED)
            while answer.jobs:
                if self._waiting:
                    self._turn.release()
                failpoint("slot.claimed")
                answer = await self._work(answer.jobs[0], calls)

    async def _my_turn(self) -> None:
        self._waiting += 1
        self._some_wait.set()
        await self._turn.acquire()
        self._waiting -= 1
        if not self._waiting:
            self._some_wait.clear()

    async def _work(self, job: Leased, calls: SlotCalls) -> SlotAnswer:
        outcome = await self.execute(job, calls)
        failpoint("slot.ran")
        answer = await self._transport.send(settle_call(calls, outcome, 0 if self._orders.stopping else 1))
        failpoint("slot.answered")
        return checked(answer)

    async def execute(self, job: Leased, calls: SlotCalls) -> Outcome:
        """Prepare, run and conclude an async step; tell of it."""
        with self._executor.telling([job], calls) as telling:
            return telling.ended(await self._execute(job, calls))

    async def _execute(self, job: Leased, calls: SlotCalls) -> Outcome:
        run = await asyncio.to_thread(self._executor.prepare, job, calls)
        if not isinstance(run, Run):
            return run
        with self._executor.at_work(run):
            value = await self.tasks.run(run)
        if isinstance(value, Failed):
            return told(run, value)
        return await asyncio.to_thread(self._executor.conclude, run, value, calls)
