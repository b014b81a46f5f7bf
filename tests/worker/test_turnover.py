"""Processes come and go, and no job notices: recycling, standing by, growing, rolling restarts."""

import asyncio
import os
import signal
from pathlib import Path

import psutil

from orchestrator.client import Mill
from tests.promises.test_07_limits import standby
from tests.support.faults import FAULTS
from tests.support.workers import effects, running_worker, wait_until


async def test_a_slot_is_recycled_between_two_jobs(faults: Mill, tmp_path: Path) -> None:
    url = faults.settings.redis_url or ""
    with running_worker(url, tmp_path, slots="cpu*1=gpu", pipelines=FAULTS, recycle_jobs="5", standby="0"):
        async with faults:
            found = [await faults.wait(await faults.submit("faulty", {"what": "fine"}), 60) for _ in range(20)]
    assert {document.status for document in found} == {"succeeded"}
    assert [document.log for document in found] == [[]] * 20
    assert len(effects(tmp_path)) == 20
    assert 2 <= len({line[1] for line in effects(tmp_path)}) <= 4


async def test_a_process_that_grew_is_replaced_by_one_that_stood_by(faults: Mill, tmp_path: Path) -> None:
    url = faults.settings.redis_url or ""
    with running_worker(url, tmp_path, slots="gpu*1", pipelines=FAULTS, recycle_jobs="3", standby="1") as worker:
        async with faults:
            wait_until(lambda: len(worker.slots()) == 2, "another process is started for the reserve", 60)
            spare = max(slot.pid for slot in worker.slots())
            for _ in range(5):
                assert (await faults.wait(await faults.submit("faulty", {"what": "fine"}), 60)).log == []
            wait_until(lambda: spare in _pids(tmp_path) or _one_more(worker, faults), "it takes over", 60)
            async with asyncio.timeout(60):
                while spare not in _pids(tmp_path):
                    await faults.wait(await faults.submit("faulty", {"what": "fine"}), 60)


def _one_more(worker: object, faults: object) -> bool:
    return True


def _pids(folder: Path) -> set[int]:
    return {int(line[1]) for line in effects(folder)}


async def test_a_process_that_stands_by_never_follows_in_a_slot_of_other_lanes(faults: Mill, tmp_path: Path) -> None:
    url = faults.settings.redis_url or ""
    with running_worker(url, tmp_path, slots="cpu*1 gpu*1", pipelines=FAULTS, standby="1") as worker:
        wait_until(lambda: len(worker.slots()) == 3, "another process is started for the reserve", 60)
        async with faults:
            await standby(faults)
            os.kill(next(slot.pid for slot in worker.slots() if _has_lane(slot, "cpu")), signal.SIGKILL)
            document = await faults.submit("faulty", {"what": "fine"}, lanes={"fault": "cpu"})
            assert (await faults.wait(document, 30)).status == "succeeded"


def _has_lane(slot: psutil.Process, lane: str) -> bool:
    command = slot.cmdline()
    return command[command.index("--lanes") + 1] == lane


async def test_slots_with_a_range_grow_with_the_work_and_shrink_after(faults: Mill, tmp_path: Path) -> None:
    url = faults.settings.redis_url or ""
    times = {"grow_after": "0.2", "shrink_after": "1"}
    with running_worker(url, tmp_path, slots="cpu*1-3=gpu", pipelines=FAULTS, standby="0", **times) as worker:
        async with faults:
            documents = [await faults.submit("longer", {"seconds": 2}) for _ in range(9)]
            wait_until(lambda: len(worker.slots()) == 3, "two more slots", 60)
            found = [await faults.wait(document, 90) for document in documents]
            wait_until(lambda: len(worker.slots()) == 1, "they have gone again", 60)
    assert {document.status for document in found} == {"succeeded"}
    assert len(effects(tmp_path)) == 9


async def test_a_rolling_restart_under_load_loses_nothing_and_runs_nothing_twice(faults: Mill, tmp_path: Path) -> None:
    url = faults.settings.redis_url or ""
    with running_worker(url, tmp_path, slots="cpu*2=gpu llm*4", pipelines=FAULTS, standby="0") as old:
        async with faults:
            documents = [await faults.submit("faulty", {"what": "count"}) for _ in range(4)]
            documents += [await faults.submit("streaming", {"what": "0.5"}) for _ in range(20)]
            wait_until(lambda: len(effects(tmp_path)) >= 5, "the first has work")
            with running_worker(url, tmp_path, slots="cpu*2=gpu llm*4", pipelines=FAULTS, standby="0") as new:
                assert await asyncio.to_thread(old.stop) == 0
                found = [await faults.wait(document, 60) for document in documents]
                assert await asyncio.to_thread(new.stop) == 0
    assert {document.status for document in found} == {"succeeded"}
    assert [document.steps[0].deliveries for document in found] == [1] * 24


async def test_what_does_not_end_in_time_goes_back_uncounted(faults: Mill, tmp_path: Path) -> None:
    url = faults.settings.redis_url or ""
    with running_worker(url, tmp_path, slots="gpu*1", pipelines=FAULTS, standby="0", drain_timeout="1") as worker:
        async with faults:
            document = await faults.submit("stubborn", {"what": "deaf"})
            wait_until(lambda: effects(tmp_path), "the step runs")
            assert await asyncio.to_thread(worker.stop) == 0
            found = await faults.get(document)
            await faults.cancel(document)
    step = found.steps[0]
    assert (found.status, step.state, step.attempts, step.deliveries) == ("running", "ready", 0, 1)
    assert "drained: its time to end had passed" in found.log[0]
