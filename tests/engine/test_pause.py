"""Pause: a lane, a pipeline or a tenant gives out no more jobs; nothing is lost, and all come back in their order."""

import pytest

from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, shouting


def pause(engine: Engine, kind: str, name: str) -> None:
    assert engine.transport.send(engine.duties.pause(kind, name)) == "paused"


def resume(engine: Engine, kind: str, name: str, most: int = 50) -> str:
    return engine.transport.send(engine.duties.resume(kind, name, most))


def test_a_paused_lane_gives_nothing_until_it_is_resumed(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    slot = engine.slot()
    pause(engine, "lane", "cpu")
    assert slot.claim().word == "paused"
    assert resume(engine, "lane", "cpu") == "resumed"
    assert slot.work_off() == ["one", "two", "three", "four"]


def test_what_runs_goes_on_and_what_follows_waits(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document, slot = engine.submit(chain, text="a"), engine.slot()
    job = slot.take()
    pause(engine, "pipeline", "chain")
    answer = slot.complete(job, want=1)
    assert (answer.verdicts, answer.word) == (["done"], "none")
    assert engine.head(document)["two.state"] == "held"
    assert resume(engine, "pipeline", "chain") == "resumed"
    assert slot.work_off() == ["two", "three", "four"]
    assert engine.server.redis.keys("*held*") == []


@pytest.mark.parametrize(("kind", "name"), [("pipeline", "chain"), ("tenant", "acme")])
def test_others_are_served_meanwhile_and_the_order_is_kept(make_engine: MakeEngine, kind: str, name: str) -> None:
    engine = make_engine(chain, shouting)
    held = [engine.submit(chain, text="a", tenant="acme") for _ in range(3)]
    urgent = engine.submit(chain, text="a", tenant="acme", priority=9)
    other = engine.submit(shouting, text="a")
    pause(engine, kind, name)
    slot = engine.slot()
    assert slot.take().document == other
    assert slot.claim().word == "none"
    assert resume(engine, kind, name) == "resumed"
    assert [slot.take().document for _ in range(4)] == [urgent, *held]


def test_a_fan_out_is_held_as_a_whole(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    engine.submit(shouting, text="a")
    slot = engine.slot()
    slot.complete(slot.take(), ["a", "b", "c"])
    first = slot.take()
    pause(engine, "pipeline", "shouting")
    assert slot.claim().word == "none"
    slot.fail(first)
    assert slot.claim().word == "none", "also what comes back meanwhile"
    resume(engine, "pipeline", "shouting")
    assert [slot.take().index for _ in range(3)] == [0, 1, 2]


def test_more_than_one_call_brings_back(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    documents = [engine.submit(chain, text="a") for _ in range(5)]
    pause(engine, "tenant", "default")
    slot = engine.slot()
    slot.claim()
    assert resume(engine, "tenant", "default", most=2) == "again"
    engine.sweep()
    assert [slot.take().document for _ in range(5)] == documents, "sweep does what a caller that died left"
    assert engine.server.redis.exists(engine.keys.named("reasons")) == 0


@pytest.mark.parametrize("how", ["complete", "fail"])
def test_a_document_made_by_the_call_that_would_take_its_job_is_held_too(make_engine: MakeEngine, how: str) -> None:
    engine = make_engine(shouting)
    document, slot = engine.submit(shouting, text="a", tenant="acme"), engine.slot()
    if how == "complete":
        while (job := slot.take()).step != "keep":
            slot.complete(job, ["a"] if job.step == "split" else "a")
    else:
        job = slot.take()
    pause(engine, "tenant", "acme")
    answer = slot.complete(job, want=1) if how == "complete" else slot.fail(job, "fatal", want=1)
    assert answer.word == "none"
    assert engine.head(f"{document}.finish")["tell.state"] == "held"
    resume(engine, "tenant", "acme")
    assert slot.work_off() == ["tell"]


def test_what_is_cancelled_while_it_is_held_does_not_come_back(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document, slot = engine.submit(chain, text="a"), engine.slot()
    pause(engine, "pipeline", "chain")
    slot.claim()
    engine.transport.send(engine.documents.cancel([document], "no more"))
    assert engine.server.redis.keys("*held*") == [], "nor stay for as long as it is paused"
    resume(engine, "pipeline", "chain")
    assert slot.claim().word == "none"
    assert engine.head(document)["one.state"] == "cancelled"


def test_pausing_again_and_resuming_what_is_not_paused_change_nothing(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    pause(engine, "tenant", "acme")
    before = engine.transport.send(engine.duties.paused())
    pause(engine, "tenant", "acme")
    assert engine.transport.send(engine.duties.paused()) == before
    assert [resume(engine, "tenant", name) for name in ("acme", "acme", "other")] == ["resumed"] * 3
    assert engine.transport.send(engine.duties.paused()) == {}
