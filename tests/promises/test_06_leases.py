"""Promise 6: a healthy long job keeps its lease; a dead one loses it fast."""

import os
import signal
from pathlib import Path

from orchestrator.client import Mill
from tests.conftest import PIPELINES
from tests.support.workers import effects, running_worker, wait_until

ALL = ",".join(PIPELINES)


async def test_a_job_longer_than_its_lease_runs_once(mill: Mill, tmp_path: Path) -> None:
    with running_worker(mill.settings.redis_url or "", tmp_path, slots="cpu*2", pipelines=ALL, lease="0.5"):
        async with mill:
            found = await mill.wait(await mill.submit("moods", {"text": "sleep:3"}), 60)
    assert found.status == "succeeded"
    assert len(effects(tmp_path)) == 1
    assert found.log == []


async def test_a_killed_slots_job_is_back_at_once_not_after_its_lease(mill: Mill, tmp_path: Path) -> None:
    with running_worker(mill.settings.redis_url or "", tmp_path, slots="cpu*2", pipelines=ALL, lease="600") as worker:
        async with mill:
            document = await mill.submit("moods", {"text": "sleep:1.5"})
            wait_until(lambda: effects(tmp_path), "the step runs")
            os.kill(int(effects(tmp_path)[0][1]), signal.SIGKILL)
            found = await mill.wait(document, 60)
        assert len(worker.slots()) >= 1
    first, second = effects(tmp_path)
    assert found.status == "succeeded"
    assert found.steps[0].attempts == 1, "a death is no attempt"
    assert "died: SIGKILL" in found.log[0]
    assert int(second[0]) - int(first[0]) < 5 * 1_000_000_000, "five times the promised second"


async def test_a_lost_machines_job_runs_elsewhere_after_one_lease(mill: Mill, tmp_path: Path) -> None:
    url = mill.settings.redis_url or ""
    with running_worker(url, tmp_path, slots="cpu*1", pipelines=ALL, lease="1") as lost:
        async with mill:
            document = await mill.submit("moods", {"text": "sleep:1"})
            wait_until(lambda: effects(tmp_path), "the step runs")
            lost.signal_group(signal.SIGKILL)
            with running_worker(url, tmp_path, slots="cpu*1", pipelines=ALL, lease="1"):
                found = await mill.wait(document, 60)
    assert found.status == "succeeded"
    assert len(effects(tmp_path)) == 2
    assert "did not renew its lease" in found.log[0]


async def test_a_frozen_worker_that_comes_back_is_refused(mill: Mill, tmp_path: Path) -> None:
    url = mill.settings.redis_url or ""
    with running_worker(url, tmp_path, slots="cpu*1", pipelines=ALL, lease="1") as zombie:
        async with mill:
            document = await mill.submit("moods", {"text": "sleep:0.5"})
            wait_until(lambda: effects(tmp_path), "the step runs")
            zombie.signal_group(signal.SIGSTOP)
            with running_worker(url, tmp_path, slots="cpu*1", pipelines=ALL, lease="1"):
                found = await mill.wait(document, 60)
                zombie.signal_group(signal.SIGCONT)
                stats = await mill.transport.send(mill.calls.stats())
                assert zombie.stop() == 0
    assert found.status == "succeeded"
    assert stats["finished:moods:succeeded"] == "1"


async def test_sigterm_lets_the_running_job_end(mill: Mill, tmp_path: Path) -> None:
    with running_worker(mill.settings.redis_url or "", tmp_path, slots="cpu*1", pipelines=ALL) as worker:
        async with mill:
            running = await mill.submit("moods", {"text": "sleep:1"})
            waiting = await mill.submit("moods", {"text": "sleep:0"})
            wait_until(lambda: effects(tmp_path), "the step runs")
            assert worker.stop() == 0
            assert (await mill.get(running)).status == "succeeded"
            assert (await mill.get(waiting)).status == "queued"
    assert len(effects(tmp_path)) == 1
