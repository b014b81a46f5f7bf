"""What a review proved wrong once, so that it stays right."""

import time
from pathlib import Path

import pytest
from redis.exceptions import ReadOnlyError, ResponseError

from orchestrator import Finished, pipeline, step
from orchestrator.calls import Failed
from orchestrator.connection.faults import is_passing
from orchestrator.connection.wire import Wire
from orchestrator.retry import RetryPolicy, service_delay
from tests.conftest import PIPELINES, MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, moods, shout, shouting, split, tell
from tests.support.server import Server
from tests.support.workers import running_worker, wait_until


def blind_slot(engine: Engine, name: str = "blind/0") -> object:
    """A slot that knows no pipeline."""
    from orchestrator.calls import SlotCalls, SupervisionCalls

    engine.transport.send(SupervisionCalls(engine.keys, name.partition("/")[0], 30).renew({name: "i1"}, {}))
    return SlotCalls(engine.keys, name, "i1", ["cpu", "gpu"], [])


def test_jobs_of_several_unknown_pipelines_are_all_found_by_who_knows_them(make_engine: MakeEngine) -> None:
    engine = make_engine(chain, moods)
    documents = [engine.submit(chain, text="a"), engine.submit(moods, text="a"), engine.submit(chain, text="a")]
    assert engine.transport.send(blind_slot(engine).claim()).word == "none"  # pyright: ignore
    slot = engine.slot()
    assert len(slot.work_off()) == 9
    assert {engine.head(document)["status"] for document in documents} == {"succeeded"}
    assert engine.server.redis.hget(engine.keys.lane("cpu"), "classes") is None


def test_a_job_set_aside_leaves_nothing_behind_when_its_document_fails(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    engine.submit(shouting, text="a b")
    slot = engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    item = slot.take()
    assert engine.transport.send(blind_slot(engine).claim()).word == "none"  # pyright: ignore
    slot.fail(item, "fatal")
    assert engine.server.redis.keys(engine.keys.ready("gpu") + "*") == []


def test_one_lost_machine_does_not_fail_a_large_fan_out(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document = engine.submit(shouting, text="a")
    slot = engine.slot()
    slot.complete(slot.take(), [str(i) for i in range(40)])
    slot.claim(want=30)
    engine.shift("leases", 60_000)
    engine.sweep()
    assert engine.head(document)["status"] == "running"


def test_two_sinks_that_end_in_one_call_end_the_document_once(make_engine: MakeEngine) -> None:
    @step(lane="gpu")
    def whisper(word: str) -> str:
        return word

    @step
    def pair(a: list[str], b: list[str]) -> int:
        return len(a) + len(b)

    @pipeline(on_finish=tell)
    def two_sinks(text: str) -> list[str]:
        words = split(text)
        whisper.map(words)
        return shout.map(words)

    engine = make_engine(two_sinks)
    engine.submit(two_sinks, text="")
    slot = engine.slot()
    slot.complete(slot.take(), [])
    stats = engine.transport.send(engine.documents.stats())
    assert stats["finished:two_sinks:succeeded"] == "1"
    assert Finished


def test_an_urgent_document_does_not_push_back_another_tenants_usual_ones(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    for _ in range(50):
        engine.submit(chain, text="a", tenant="big")
    engine.submit(chain, text="a", tenant="big", priority=9)
    slot = engine.slot()
    slot.complete(slot.take())
    small = engine.submit(chain, text="a", tenant="small")
    assert int(engine.head(small)["place"]) < 5


def test_an_outage_of_a_day_does_not_overflow() -> None:
    assert 0 < service_delay(5000) <= 30
    assert 0 < RetryPolicy(retries=9, delay=30).delay_after(10**6) <= 4500


@pytest.mark.parametrize("delay", [float("nan"), float("inf"), -1.0])
def test_a_delay_that_is_no_time_is_borne(make_engine: MakeEngine, delay: float) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    slot = engine.slot()
    assert slot.fail(slot.take(), delay=delay).verdicts == ["failed"]


def test_an_error_text_that_is_no_unicode_is_borne(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    slot = engine.slot()
    failed = Failed(slot.take(), "fatal", 0.0, "ValueError", "no JSON: \ud83d")
    assert engine.transport.send(slot.calls.fail([failed])).verdicts == ["failed"]
    assert "ud83d" in engine.log(document)[0]


def test_a_moved_shard_is_followed_to_its_new_address() -> None:
    moved = Wire("redis://10.0.0.1:7000/0", host="10.0.0.2", port=7001).connection
    assert (moved.host, moved.port) == ("10.0.0.2", 7001)


def test_what_will_pass_and_what_will_not() -> None:
    assert is_passing(ReadOnlyError("You can't write against a read only replica."))
    assert is_passing(ResponseError("MISCONF Redis is configured to save RDB snapshots"))
    assert is_passing(ResponseError("NOREPLICAS Not enough good replicas to write."))
    assert not is_passing(ResponseError("ERR wrong number of arguments"))


async def test_a_worker_outlives_a_server_that_cannot_write_for_a_while(own_server: Server, tmp_path: Path) -> None:
    from orchestrator.client import Mill
    from orchestrator.settings import Settings

    settings = Settings(redis_url=own_server.url, data_dir=tmp_path / "data", pipelines=PIPELINES)
    with running_worker(own_server.url, tmp_path, slots="cpu*1", pipelines=",".join(PIPELINES)) as worker:
        async with Mill.connect(own_server.url, settings) as mill:
            await mill.wait(await mill.submit("chain", {"text": "a"}), 30)
            own_server.redis.config_set("min-replicas-to-write", 1)
            began = time.monotonic()
            wait_until(lambda: time.monotonic() - began > 2.5, "two periods without a write")
            own_server.redis.config_set("min-replicas-to-write", 0)
            found = await mill.wait(await mill.submit("chain", {"text": "a"}), 30)
        assert worker.process.poll() is None
    assert found.status == "succeeded"
