"""The shared process: a limit or an order ends one step's task, and its slot goes on."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from orchestrator.calls import Leased, SlotCalls
from orchestrator.connection import Blocking
from orchestrator.graph import Pipeline
from orchestrator.registry import Registry
from orchestrator.settings import Settings
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.workers import wait_until
from tests.worker.limited import HARD, SOFT, heard, streaming, waiting
from worker.line.orders import Orders
from worker.running.executor import Executor, Outcome, Run
from worker.slots.shared import SharedSlots


class Preparing(Executor):
    """Tells the test that a job has been claimed, before its step begins."""

    def on_prepare(self, job: Leased) -> None:
        """Set by the test."""

    def prepare(self, job: Leased, calls: SlotCalls) -> Run | Outcome:
        """Told first; in a thread."""
        self.on_prepare(job)
        return super().prepare(job, calls)


class Process:
    """A shared process of one slot, in this one; with its orders at hand."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine = engine
        engine.slot("w/0", lanes=("llm",))
        read, self._write = os.pipe()
        self._reading = os.fdopen(read, "rb")
        self.orders = Orders(self._reading)
        self.orders.start()
        registry, url = Registry([waiting, streaming]), engine.server.url
        self.executor = Preparing(Settings(data_dir=folder), registry, Blocking(url), self.orders)
        self.slots = SharedSlots(url, ["w/0"], "i1", ["llm"], self.executor, self.orders, registry.ids)
        self.task = asyncio.create_task(self.slots.run())

    def order(self, line: bytes) -> None:
        """As the supervisor does."""
        os.write(self._write, line + b"\n")

    async def head(self, pipeline: Pipeline, text: str) -> dict[str, str]:
        """How a document ends."""
        document = self.engine.submit(pipeline, text=text)
        await until(lambda: "finished" in self.engine.head(document))
        return self.engine.head(document) | {"id": document}

    async def stop(self) -> None:
        """Drain; what a step still waits for comes now."""
        heard.release.set()
        self.order(b"drain")
        async with asyncio.timeout(20):
            await self.task
        os.close(self._write)
        self._reading.close()


async def until(condition: Callable[[], object]) -> None:
    """As `wait_until`, beside the slots in this loop."""
    async with asyncio.timeout(20):
        while not condition():
            await asyncio.sleep(0.01)


@pytest.fixture
async def process(make_engine: MakeEngine, tmp_path: Path) -> AsyncIterator[Process]:
    heard.clear()
    process = Process(make_engine(waiting, streaming), tmp_path)
    yield process
    await process.stop()


@pytest.mark.parametrize("text", ["endless", "wrapped"])
async def test_a_soft_limit_is_a_failed_attempt(process: Process, text: str) -> None:
    head = await process.head(waiting, text)
    assert (head["status"], head["patient.error"]) == ("failed", "SoftLimit")
    (log,) = process.engine.log(head["id"])
    assert f"the step ran longer than its soft limit of {SOFT:g} s (" in log
    assert heard.contexts[0].deadline is not None
    assert (await process.head(waiting, "quick"))["status"] == "succeeded"


async def test_a_step_may_return_a_part(process: Process) -> None:
    head = await process.head(waiting, "partial")
    assert head["status"] == "succeeded"
    assert process.engine.data(head["id"])["patient"] == b'"a part"'


async def test_a_step_may_decide_that_no_retry_helps(process: Process) -> None:
    assert (await process.head(waiting, "fatal"))["patient.error"] == "Fatal"


async def test_a_cancellation_of_the_steps_own_making_does_not_end_the_slot(process: Process) -> None:
    assert (await process.head(waiting, "own"))["patient.error"] == "CancelledError"
    assert (await process.head(waiting, "quick"))["status"] == "succeeded"


async def test_a_step_that_swallows_its_cancellation_is_given_up(process: Process) -> None:
    head = await process.head(waiting, "stubborn")
    assert (head["status"], head["patient.error"]) == ("failed", "HardLimit")
    assert f"hard limit of {HARD:g} s and does not end" in process.engine.log(head["id"])[0]
    assert len(process.slots.tasks.given_up) == 1
    assert (await process.head(waiting, "quick"))["status"] == "succeeded"
    heard.release.set()
    await until(lambda: not process.slots.tasks.given_up)


async def test_an_order_to_cancel_closes_the_stream(process: Process) -> None:
    fence: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
    closed = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        fence.set_result(await reader.readline())
        await reader.read()
        closed.set()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    heard.port = server.sockets[0].getsockname()[1]
    document = process.engine.submit(streaming, text="a")
    token = (await fence).strip()
    process.order(b"cancel 1")
    process.order(b"cancel " + token)
    async with asyncio.timeout(10):
        await closed.wait()
    await until(lambda: process.engine.head(document)["reading.state"] != "leased")
    server.close()
    assert "release: Cancelled" in process.engine.log(document)[0]


async def test_an_order_that_came_before_the_step_has_begun(process: Process) -> None:
    ordered: list[str] = []

    def cancel_the_first(job: Leased) -> None:
        if not ordered:
            ordered.append(job.token)
            process.order(b"cancel " + job.token.encode())
            wait_until(lambda: process.orders.cancelled(job.token), "it is heard")

    process.executor.on_prepare = cancel_the_first
    assert (await process.head(waiting, "quick"))["status"] == "succeeded", "released, and run again"
    assert len(heard.contexts) == 1
