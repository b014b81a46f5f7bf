"""docmill's rows: provoke the fault, wait for the next start, read the document."""

import asyncio
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace

from benchmarks.faults.docmill_side import LIMIT, DocmillSide, told
from benchmarks.faults.pipelines import HARD, LOADS, SOFT
from benchmarks.faults.seen import FAULTY, NEXT, Seen
from benchmarks.processes import Worker
from orchestrator.client import Mill

Moment = Callable[[DocmillSide, Worker, Mill, str], Awaitable[int]]
"""Brings the fault about, where the job does not do it by itself; answers when it was, ns."""


def after_limit(seconds: float) -> Moment:
    """The fault is that the limit passes."""

    async def moment(side: DocmillSide, worker: Worker, mill: Mill, document: str) -> int:
        return side.journal.entries("start", FAULTY)[0].at + int(seconds * 1e9)

    return moment


async def as_noted(side: DocmillSide, worker: Worker, mill: Mill, document: str) -> int:
    """The job said when it went wrong."""
    worker.wait(lambda: bool(side.journal.entries("fault", FAULTY)), LIMIT)
    return side.journal.entries("fault", FAULTY)[0].at


async def cancelled(side: DocmillSide, worker: Worker, mill: Mill, document: str) -> int:
    """Somebody asks for its end."""
    now = time.monotonic_ns()
    await mill.cancel(document)
    return now


async def killed(side: DocmillSide, worker: Worker, mill: Mill, document: str) -> int:
    """SIGKILL from outside."""
    await asyncio.sleep(0.5)  # in the middle of the job
    now = time.monotonic_ns()
    os.kill(side.journal.entries("start", FAULTY)[0].process, signal.SIGKILL)
    return now


def fault(
    pipeline: str, what: str, moment: Moment, standby: bool = False, following: str = "plain", **settings: str
) -> "Row":  # fmt: skip
    """A row of one job that meets a fault, and one that waits behind it.

    Args:
        standby: wait until a process stands by before the job is submitted.
        following: the pipeline of the one that waits.
        settings: of the worker.
    """

    async def row(side: DocmillSide) -> Seen:
        with side.worker(**settings, standby=str(int(standby))) as worker:
            async with side.mill() as mill:
                if standby:
                    await stands_by(mill, worker)
                document = await mill.submit(pipeline, {"what": what, "name": FAULTY})
                worker.wait(side.begun(), LIMIT)
                behind = await mill.submit(following, {"what": "next", "name": NEXT})
                seconds = side.next_start(worker, await moment(side, worker, mill, document))
                found, after = await mill.wait(document, LIMIT), await mill.wait(behind, LIMIT)
        words = told(found) if after.status == "succeeded" else f"{told(found)}; the next job: {told(after)}"
        return Seen(f"{_raised(side)}{words}", seconds, runs=len(side.journal.entries("start", FAULTY)))

    return row


def _raised(side: DocmillSide) -> str:
    raised = [one.more for one in side.journal.entries("raised", FAULTY)]
    words = {"SoftLimit": "SoftLimit raised inside, the step kept a part; ", "looked": "the step ended by itself; "}
    return "".join(words.get(one, f"{one} raised inside; ") for one in raised)


async def stands_by(mill: Mill, worker: Worker) -> None:
    """Until the worker says that a process stands by, loaded."""
    give_up = time.monotonic() + LIMIT
    while time.monotonic() < give_up:
        for name in await mill.transport.send(mill.calls.workers()):
            if (await mill.transport.send(mill.calls.worker(name))).get("standby") == "1":
                return
        await asyncio.sleep(0.05)
        worker.wait(lambda: True)  # raises where it has ended
    raise TimeoutError("nobody stands by")


def slow_model(standby: bool) -> "Row":
    """The hard limit once more, with a model that takes three seconds to load."""
    row = fault("weighed", "deadlock", after_limit(HARD), standby, following="weighs")

    async def loading(side: DocmillSide) -> Seen:
        return await row(replace(side, environment={LOADS: "3"}))

    return loading


Row = Callable[[DocmillSide], Awaitable[Seen]]

FAULTS: dict[str, Row] = {
    "soft": fault("soft", "loop", after_limit(SOFT)),
    "hard": fault("hard", "deadlock", after_limit(HARD)),
    "hard-gil": fault("hard", "deadlock-gil", after_limit(HARD)),
    "hard-model": slow_model(standby=False),
    "hard-standby": slow_model(standby=True),
    "cancel-looks": fault("plain", "look", cancelled),
    "cancel-deaf": fault("plain", "deaf", cancelled),
    "sigkill": fault("plain", "sleep-once", killed),
    "sigsegv": fault("plain", "segfault", as_noted),
    "exit": fault("plain", "exit", as_noted),
    "max-rss": fault("plain", "grow", as_noted, max_rss="400MiB", oom_delay="0.1"),
    "memory-error": fault("plain", "too-much", as_noted, oom_delay="0.1"),
}
