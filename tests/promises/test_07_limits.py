"""Promise 7: limits always work, on a process that holds a model too: soft raises inside the step, hard kills the process."""

import asyncio
from pathlib import Path

import pytest

from orchestrator.client import Mill
from tests.support.faults import FAULTS
from tests.support.workers import effects, running_worker, wait_until

SECOND = 1_000_000_000


async def test_a_soft_limit_lets_the_step_keep_what_it_has(faults: Mill, tmp_path: Path) -> None:
    with running_worker(faults.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=FAULTS, standby="0"):
        async with faults:
            found = await faults.wait(await faults.submit("faulty", {"what": "count"}), 60)
    assert found.status == "succeeded"
    assert 0 < int(found.outputs["fault"].partition(" ")[0]) < 1000, "a part of the work, and the step said so"


@pytest.mark.parametrize("what", ["block", "block-gil"])
async def test_a_step_that_hangs_in_c_is_killed_and_the_log_says_where(faults: Mill, tmp_path: Path, what: str) -> None:
    with running_worker(
        faults.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=FAULTS, standby="0"
    ) as worker:
        async with faults:
            found = await faults.wait(await faults.submit("hanging", {"what": what}), 60)
            after = await faults.wait(await faults.submit("faulty", {"what": "fine"}), 60)
        assert len(worker.slots()) == 1
    assert (found.status, found.steps[0].attempts) == ("failed", 2), "each kill is an attempt"
    assert found.error is not None and "HardLimit" in found.error
    assert "its hard limit is 2 s" in found.log[0]
    assert "(faults.py:" in found.log[0], "where it hung"
    assert after.status == "succeeded"
    began = [int(line[0]) for line in effects(tmp_path) if line[2] == "hang"]
    assert began[1] - began[0] < 5 * 4 * SECOND, "two seconds, one look, and a process' start: five times that"


async def test_a_process_that_stands_by_takes_over_at_once(faults: Mill, tmp_path: Path) -> None:
    with running_worker(
        faults.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=FAULTS, standby="1"
    ) as worker:
        async with faults:
            wait_until(lambda: len(worker.slots()) == 2, "another process is started for the reserve", 60)
            await standby(faults)
            found = await faults.wait(await faults.submit("hanging", {"what": "block"}), 60)
    assert "its hard limit" in found.log[0]
    first, second = (line for line in effects(tmp_path) if line[2] == "hang")
    assert int(second[0]) - int(first[0]) < 5 * 3.2 * SECOND


async def standby(faults: Mill) -> None:
    """Until the worker says that one stands by, loaded."""
    async with asyncio.timeout(60):
        (worker,) = await faults.transport.send(faults.calls.workers())
        while (await faults.transport.send(faults.calls.worker(worker))).get("standby") != "1":
            await asyncio.sleep(0.05)
