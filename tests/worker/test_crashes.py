"""How a process ended is in the log: its signal or exit code, and its peak memory; and nothing runs twice for it."""

import asyncio
import os
import signal
from pathlib import Path

import psutil
import pytest

from orchestrator.calls import DutyCalls
from orchestrator.client import Mill
from tests.support.faults import FAULTS
from tests.support.workers import effects, running_worker, wait_until


@pytest.mark.parametrize(("what", "told"), [("segfault", "SIGSEGV"), ("exit", "exit code 7")])
async def test_a_process_that_ends_three_times_of_one_job_makes_it_poison(
    faults: Mill, tmp_path: Path, what: str, told: str
) -> None:
    with running_worker(faults.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=FAULTS):
        async with faults:
            found = await faults.wait(await faults.submit("faulty", {"what": what}), 90)
            after = await faults.wait(await faults.submit("faulty", {"what": "fine"}), 60)
    assert (found.error or "").startswith("fault: Poison: its process died 3 times")
    assert all(f"died: {told}, peak memory" in line for line in found.log[:3])
    assert after.status == "succeeded"


async def test_suspects_of_a_shared_process_run_alone(faults: Mill, tmp_path: Path) -> None:
    """An async step cannot kill only itself: with it die the others of its process, and nobody knows whose fault it was."""
    with running_worker(faults.settings.redis_url or "", tmp_path, slots="llm*4", pipelines=FAULTS) as worker:
        async with faults:
            documents = [await faults.submit("streaming", {"what": "3"}) for _ in range(3)]
            wait_until(lambda: len(effects(tmp_path)) == 3, "all run in one process")
            os.kill(worker.slots()[0].pid, signal.SIGKILL)
            found = [await faults.wait(document, 90) for document in documents]
    assert {document.status for document in found} == {"succeeded"}
    assert all("suspect: SIGKILL" in document.log[0] for document in found)
    opened = [line for line in effects(tmp_path) if line[2] == "open"][3:]
    closed = [line for line in effects(tmp_path) if line[2] == "closed"]
    assert len(opened) == 3
    assert len({line[1] for line in opened}) == 1, "in one process of their own"
    assert all(int(end[0]) <= int(begin[0]) for end, begin in zip(closed, opened[1:], strict=False)), (
        "one after the other"
    )


async def test_a_job_that_holds_the_gil_for_many_leases_runs_once(faults: Mill, tmp_path: Path) -> None:
    with running_worker(
        faults.settings.redis_url or "", tmp_path, slots="gpu*2", pipelines=FAULTS, lease="0.5", standby="0"
    ):
        async with faults:
            found = await faults.wait(await faults.submit("longer", {"seconds": 6}), 60)
    assert (found.status, found.log) == ("succeeded", [])
    assert len(effects(tmp_path)) == 1


async def test_slots_end_with_their_supervisor(faults: Mill, tmp_path: Path) -> None:
    with running_worker(
        faults.settings.redis_url or "", tmp_path, slots="gpu*1 llm*2 cpu*1", pipelines=FAULTS
    ) as worker:
        async with faults:
            await faults.wait(await faults.submit("faulty", {"what": "fine"}), 60)
            slots = worker.slots()
            assert len(slots) >= 3
            worker.process.kill()
            wait_until(lambda: not any(slot.is_running() for slot in slots), "no slot outlives it")
            assert (await faults.get(await faults.submit("faulty", {"what": "fine"}))).status == "queued"
            await asyncio.sleep(0)


async def test_a_process_that_hangs_is_ended_even_where_its_lease_was_lost(faults: Mill, tmp_path: Path) -> None:
    """The supervisor was stopped for longer than a lease: the job runs elsewhere, and the hung process must not stay."""
    url = faults.settings.redis_url or ""
    with running_worker(url, tmp_path, slots="gpu*1", pipelines=FAULTS, lease="0.5", standby="0") as worker:
        async with faults:
            document = await faults.submit("stubborn", {"what": "deaf"})
            wait_until(lambda: effects(tmp_path), "the step runs")
            worker.process.send_signal(signal.SIGSTOP)
            async with asyncio.timeout(30):
                while not (await faults.get(document)).log:
                    await faults.transport.send(DutyCalls(faults.calls.keys).sweep())
                    await asyncio.sleep(0.05)
            worker.process.send_signal(signal.SIGCONT)
            wait_until(lambda: len({line[1] for line in effects(tmp_path)}) == 2, "another process runs it", 60)
            assert not psutil.pid_exists(int(effects(tmp_path)[0][1]))
            await faults.cancel(document)
