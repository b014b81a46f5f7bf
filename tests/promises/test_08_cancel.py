"""Promise 8: cancel reaches running work within 2 s, and wins over recovery."""

import os
import signal
import time
from pathlib import Path

import psutil
import pytest

from orchestrator.client import Mill
from tests.support.faults import FAULTS
from tests.support.workers import effects, running_worker, wait_until

PROMISED = 2.0


async def test_a_step_that_looks_ends_by_itself_and_its_process_lives(faults: Mill, tmp_path: Path) -> None:
    with running_worker(
        faults.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=FAULTS, standby="0"
    ) as worker:
        async with faults:
            document = await faults.submit("stubborn", {"what": "polite"})
            wait_until(lambda: effects(tmp_path), "the step runs")
            pids = [slot.pid for slot in worker.slots()]
            began = time.monotonic()
            assert await faults.cancel(document, "sent twice") == "cancelled"
            wait_until(lambda: effects(tmp_path)[-1][2] == "cancelled", "the step hears of it")
            assert time.monotonic() - began < 5 * PROMISED
            after = await faults.wait(await faults.submit("faulty", {"what": "fine"}), 60)
            found = await faults.get(document)
        assert [slot.pid for slot in worker.slots()] == pids
    assert (found.status, after.status) == ("cancelled", "succeeded")
    assert "cancelled: sent twice" in found.log[0]
    assert "its side effects remain" in found.log[1]


@pytest.mark.parametrize("what", ["deaf", "child"])
async def test_one_that_does_not_is_killed_with_what_it_had_started(faults: Mill, tmp_path: Path, what: str) -> None:
    with running_worker(faults.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=FAULTS, standby="0"):
        async with faults:
            document = await faults.submit("stubborn", {"what": what})
            wait_until(lambda: effects(tmp_path) and effects(tmp_path)[-1][2] in {"child", "ignore"}, "the step runs")
            if what == "child":
                wait_until(lambda: effects(tmp_path)[-1][2] == "child", "it has started a process")
            own = [int(line[3] if line[2] == "child" else line[1]) for line in effects(tmp_path)]
            began = time.monotonic()
            await faults.cancel(document)
            wait_until(lambda: not any(psutil.pid_exists(pid) for pid in own), "all of it is gone")
            assert time.monotonic() - began < 5 * PROMISED
            after = await faults.wait(await faults.submit("faulty", {"what": "fine"}), 60)
            found = await faults.get(document)
    assert (found.status, after.status) == ("cancelled", "succeeded")
    assert "killed: it did not end by itself" in found.log[1]
    assert len([line for line in effects(tmp_path) if line[2] == "ignore"]) == 1, "nothing brought it back"


async def test_an_async_step_is_cancelled_and_what_it_holds_is_closed(faults: Mill, tmp_path: Path) -> None:
    with running_worker(faults.settings.redis_url or "", tmp_path, slots="llm*4", pipelines=FAULTS) as worker:
        async with faults:
            documents = [await faults.submit("streaming", {"what": "long"}) for _ in range(2)]
            wait_until(lambda: len(effects(tmp_path)) == 2, "both run")
            began = time.monotonic()
            await faults.cancel(documents[0])
            wait_until(lambda: effects(tmp_path)[-1][2] == "closed", "its stream is closed")
            assert time.monotonic() - began < 5 * PROMISED
            after = await faults.wait(await faults.submit("streaming", {"what": "0"}), 60)
            assert (await faults.get(documents[1])).status == "running", "the others of its process go on"
            await faults.cancel(documents[1])
        assert len(worker.slots()) == 1
    assert after.status == "succeeded"


async def test_it_wins_over_the_death_of_the_process(faults: Mill, tmp_path: Path) -> None:
    with running_worker(faults.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=FAULTS, standby="0"):
        async with faults:
            document = await faults.submit("stubborn", {"what": "deaf"})
            wait_until(lambda: effects(tmp_path), "the step runs")
            await faults.cancel(document)
            os.kill(int(effects(tmp_path)[0][1]), signal.SIGKILL)
            after = await faults.wait(await faults.submit("faulty", {"what": "fine"}), 60)
            found = await faults.get(document)
    assert (found.status, after.status) == ("cancelled", "succeeded")
    assert len([line for line in effects(tmp_path) if line[2] == "ignore"]) == 1
