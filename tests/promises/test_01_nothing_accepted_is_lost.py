"""Promise 1: once submit has answered, the document reaches a final state, whatever process dies."""

from pathlib import Path

import pytest

from orchestrator.client import Mill
from orchestrator.settings import Settings
from tests.conftest import PIPELINES
from tests.support.engine import Engine
from tests.support.pipelines import chain
from tests.support.server import Server
from tests.support.workers import effects, running_worker, wait_until


def test_a_server_killed_after_the_answer_still_has_the_document(own_server: Server) -> None:
    engine = Engine(own_server, chain)
    document = engine.submit(chain, text="a")
    slot = engine.slot()
    slot.complete(slot.take())
    own_server.kill()
    own_server.start()
    assert engine.head(document)["one.state"] == "done"
    assert slot.work_off() == ["two", "three", "four"]
    assert engine.head(document)["status"] == "succeeded"


@pytest.mark.parametrize("place", ["slot.claimed", "slot.ran", "slot.answered"])
async def test_a_slot_killed_between_any_two_calls_loses_nothing(mill: Mill, tmp_path: Path, place: str) -> None:
    settings = {"slots": "cpu*1 gpu*1 llm*2", "pipelines": ",".join(PIPELINES), "failpoints": f"{place}=kill@2"}
    with running_worker(mill.settings.redis_url or "", tmp_path, **settings):
        async with mill:
            document = await mill.submit("shouting", {"text": "a b c"})
            found = await mill.wait(document, 60)
    assert found.status == "succeeded", found
    assert found.outputs["keep"] == {"text": "A B C", "praised": "A B C!"}


async def test_redis_killed_and_restarted_in_the_middle(own_server: Server, tmp_path: Path) -> None:
    own = Settings(redis_url=own_server.url, data_dir=tmp_path / "data", pipelines=PIPELINES)
    with running_worker(own_server.url, tmp_path, slots="cpu*1", pipelines=",".join(PIPELINES)):
        async with Mill.connect(own_server.url, own) as mill:
            document = await mill.submit("moods", {"text": "sleep:1"})
            wait_until(lambda: effects(tmp_path), "the step runs")
            own_server.kill()
            own_server.start()
            found = await mill.wait(document, 60)
    assert found.status == "succeeded", found
    assert len(effects(tmp_path)) == 1, "the worker waited for Redis and completed what it had done"
