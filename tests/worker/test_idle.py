"""An idle worker asks Redis little, and is woken at once."""

import time
from pathlib import Path

from orchestrator.client import Mill
from tests.conftest import PIPELINES
from tests.support.server import Server
from tests.support.workers import running_worker, wait_until

SECONDS = 3.0


async def test_an_idle_process_claims_at_most_once_a_second(mill: Mill, server: Server, tmp_path: Path) -> None:
    with running_worker(server.url, tmp_path, slots="cpu*1", pipelines=",".join(PIPELINES)):
        async with mill:
            await mill.wait(await mill.submit("chain", {"text": "a"}), 30)
            server.redis.config_resetstat()
            began = time.monotonic()
            wait_until(lambda: time.monotonic() - began > SECONDS, "three quiet seconds")
            blocked = server.redis.info("commandstats")["cmdstat_blpop"]["calls"]
    assert blocked <= SECONDS + 2


async def test_an_idle_slot_is_woken_by_the_hint_and_not_by_its_next_look(
    mill: Mill, server: Server, tmp_path: Path
) -> None:
    with running_worker(server.url, tmp_path, slots="cpu*1", pipelines=",".join(PIPELINES)):
        async with mill:
            await mill.wait(await mill.submit("chain", {"text": "a"}), 30)
            began = time.monotonic()
            for _ in range(10):
                await mill.wait(await mill.submit("chain", {"text": "a"}), 30)
            taken = time.monotonic() - began
    assert taken < 5, "ten looks a second apart would take about five seconds"
