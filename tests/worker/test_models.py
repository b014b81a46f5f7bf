"""Models that stay: loaded once, switched seldom, and on one card one item at a time whatever the runtimes."""

import asyncio
import json
from pathlib import Path

import pytest

from orchestrator.client import Mill
from orchestrator.settings import Settings
from tests.support.modelled import MODELLED
from tests.support.server import Server
from tests.support.workers import effects, running_worker, wait_until


@pytest.fixture
def models(server: Server, tmp_path: Path) -> Mill:
    settings = Settings(redis_url=server.url, data_dir=tmp_path / "data", pipelines=tuple(MODELLED.split(",")))
    return Mill.connect(server.url, settings)


async def test_a_model_is_loaded_once_for_a_thousand_jobs_and_warm_before_the_first(
    models: Mill, tmp_path: Path
) -> None:
    async with models:
        documents = [await models.submit("reading", {"seconds": 0.0}) for _ in range(1000)]
        with running_worker(models.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=MODELLED, standby="0"):
            for document in documents:
                assert (await models.wait(document, 60)).status == "succeeded"
    told = [line[2] for line in effects(tmp_path)]
    assert told[:3] == ["load", "warm", "in"]
    assert (told.count("load"), told.count("in")) == (1, 1000)


@pytest.mark.parametrize(("affinity", "most"), [("30", 4), ("0", 40)])
async def test_what_is_loaded_is_used_before_the_next_is(
    models: Mill, tmp_path: Path, affinity: str, most: int
) -> None:
    """Two models, room for one: a lane that alternates would load at each job."""
    async with models:
        documents = [await models.submit(("reading", "seeing")[i % 2], {"seconds": 0.0}) for i in range(40)]
        options = {"vram_budget": "150MB", "affinity": affinity, "standby": "0"}
        with running_worker(models.settings.redis_url or "", tmp_path, slots="gpu*1", pipelines=MODELLED, **options):
            for document in documents:
                assert (await models.wait(document, 60)).status == "succeeded"
    loads = [line[2] for line in effects(tmp_path)].count("load")
    assert loads <= most
    assert affinity != "0" or loads > 30, "without preference, the order of the documents decides"


async def test_two_runtimes_of_one_card_never_run_at_once_and_urgent_comes_first(models: Mill, tmp_path: Path) -> None:
    url = models.settings.redis_url or ""
    async with models:
        documents = [await models.submit(("reading", "seeing")[i // 3 % 2], {"seconds": 0.02}) for i in range(24)]
        documents.append(await models.submit("seeing", {"seconds": 0.02}, priority=9))
        with running_worker(
            url, tmp_path, slots="gpu*1", pipelines=MODELLED, split_runtimes="1", standby="0"
        ) as worker:
            for document in documents:
                assert (await models.wait(document, 60)).status == "succeeded"
            assert len(worker.slots()) == 2, "a process for each runtime"
            (name,) = await models.transport.send(models.calls.workers())
            async with asyncio.timeout(30):
                while len(found := await resident(models, name)) < 2:
                    await asyncio.sleep(0.05)
    told = [line for line in effects(tmp_path) if line[2] in {"in", "out"}]
    assert [line[2] for line in told] == ["in", "out"] * 25, "one item at a time"
    assert len({(line[1], line[3]) for line in told}) == 2, "each model in the one process of its runtime"
    assert told[0][3] == "shapes", "the urgent one"
    assert found == ["letters", "shapes"], "and the worker's record says so"


async def resident(models: Mill, worker: str) -> list[str]:
    """The models that a worker's record names."""
    record = await models.transport.send(models.calls.worker(worker))
    slots = [json.loads(text) for field, text in record.items() if field.startswith("slot.") and text]
    return sorted(one["name"] for slot in slots for one in slot["models"])


async def test_a_range_of_slots_keeps_both_runtimes(models: Mill, tmp_path: Path) -> None:
    """The two processes of a seat come and go together; one that is not there is not waited for."""
    options = {"split_runtimes": "1", "standby": "0", "shrink_after": "0.5", "grow_after": "0.2"}
    url = models.settings.redis_url or ""
    with running_worker(url, tmp_path, slots="gpu*1-2", pipelines=MODELLED, **options) as worker:
        async with models:
            documents = [await models.submit(("reading", "seeing")[i % 2], {"seconds": 0.4}) for i in range(20)]
            wait_until(lambda: len(worker.slots()) == 4, "a second seat of two", 60)
            for document in documents:
                assert (await models.wait(document, 60)).status == "succeeded"
            wait_until(lambda: len(worker.slots()) == 2, "it has gone again", 60)
            for name in ("reading", "seeing", "reading"):
                assert (await models.wait(await models.submit(name, {"seconds": 0.0}), 60)).status == "succeeded"
