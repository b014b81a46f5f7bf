"""Out of memory is an outcome of its own: it uses up no attempt, and ends with figures."""

from pathlib import Path

from orchestrator.client import Mill
from tests.support.faults import FAULTS
from tests.support.workers import effects, running_worker


async def test_a_slot_beyond_its_limit_is_killed_and_the_job_fails_with_figures(faults: Mill, tmp_path: Path) -> None:
    url = faults.settings.redis_url or ""
    limits = {"max_rss": "400MiB", "oom_delay": "0.1", "standby": "0"}
    with running_worker(url, tmp_path, slots="gpu*1", pipelines=FAULTS, **limits):
        async with faults:
            found = await faults.wait(await faults.submit("greedy", {"megabytes": 600}), 90)
            small = await faults.wait(await faults.submit("greedy", {"megabytes": 20}), 60)
    assert (found.status, small.status) == ("failed", "succeeded")
    assert found.error is not None and "OutOfMemory" in found.error
    assert found.steps[0].attempts == 0
    assert "MiB, max_rss is 400 MiB" in found.log[0]
    assert len([line for line in effects(tmp_path) if line[3] == "600"]) == 3


async def test_an_error_of_the_allocator_is_tried_alone_and_then_in_a_fresh_process(
    faults: Mill, tmp_path: Path
) -> None:
    """Memory that no machine has: Python's own allocator refuses, as torch's and paddle's do."""
    url = faults.settings.redis_url or ""
    with running_worker(url, tmp_path, slots="gpu*1", pipelines=FAULTS, oom_delay="0.1", standby="0"):
        async with faults:
            found = await faults.wait(await faults.submit("greedy", {"megabytes": 2**40}), 90)
    pids = [line[1] for line in effects(tmp_path)]
    assert found.status == "failed"
    assert "OutOfMemory" in (found.error or "")
    assert len(pids) == 3
    assert pids[0] == pids[1] != pids[2], "the last try had a process to itself"
    told = [line for line in found.log if " memory: " in line]
    assert all("MemoryError: free" in line and "resident: nothing" in line for line in told)
