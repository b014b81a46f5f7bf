"""Batches: members by line, an aggregate exactly once when the last has ended, however it ended."""

import json

import pytest

from orchestrator.calls import Call
from orchestrator.calls.batches import BatchCalls
from orchestrator.ids import member_id, new_id
from orchestrator.keys import Keys
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.flows import forgotten, optional, tallied
from tests.support.pipelines import chain

calls = BatchCalls(Keys())


def opened(engine: Engine, aggregate: bool = True) -> str:
    batch, ending = new_id(), tallied.id if aggregate else ""
    call = calls.open(
        batch, chain.id, priority=5, tenant="acme", aggregate=ending, given='"greeting":"hi"', retention=60
    )
    assert engine.transport.send(call) == "opened"
    return batch


def fill(engine: Engine, batch: str, count: int, first: int = 1) -> list[str]:
    ids = [member_id(batch, line) for line in range(first, first + count)]
    call = engine.documents.submit(chain.id, [(i, b'{"text":"a"}') for i in ids], tenant="acme", batch=batch)
    assert engine.transport.send(call)[0] == "accepted"
    return ids


def state(engine: Engine, batch: str) -> dict[str, str]:
    return engine.transport.send(calls.head(batch))


def aggregate(engine: Engine, batch: str) -> dict[str, str]:
    return engine.head(f"{batch}.aggregate")


def test_the_aggregate_starts_when_the_last_has_ended_however_it_ended(make_engine: MakeEngine) -> None:
    engine = make_engine(chain, tallied)
    batch = opened(engine)
    ids = fill(engine, batch, 4)
    slot = engine.slot()
    slot.fail(slot.take(), "fatal")
    engine.transport.send(engine.documents.cancel([ids[1]], ""))
    assert engine.transport.send(calls.close(batch)) == "closed"
    assert not aggregate(engine, batch)
    assert slot.work_off() == ["one", "two", "three", "four"] * 2 + ["tally"]
    assert aggregate(engine, batch)["status"] == "succeeded"
    told = json.loads(engine.data(f"{batch}.aggregate")["input"])
    counts = {"documents": 4, "succeeded": 2, "partial": 0, "failed": 1, "cancelled": 1, "refused": 0}
    assert told == {"batch": {"id": batch, **counts}, "greeting": "hi"}
    assert state(engine, batch)["state"] == "ended"


def test_it_waits_for_the_close_and_an_empty_batch_ends_with_it(make_engine: MakeEngine) -> None:
    engine = make_engine(chain, tallied)
    batch, slot = opened(engine), engine.slot()
    fill(engine, batch, 1)
    assert slot.work_off() == ["one", "two", "three", "four"]
    assert not aggregate(engine, batch), "more may come"
    assert engine.transport.send(calls.close(batch)) == "ended"
    empty = opened(engine)
    assert engine.transport.send(calls.close(empty)) == "ended"
    assert slot.work_off() == ["tally", "tally"]


def test_each_call_may_be_sent_again(make_engine: MakeEngine) -> None:
    engine = make_engine(chain, tallied)
    batch, slot = opened(engine), engine.slot()

    def twice(call: Call[str]) -> list[str]:
        return [engine.transport.send(call), engine.transport.send(call)]

    fill(engine, batch, 3)
    fill(engine, batch, 4)
    assert twice(calls.refuse(batch, {5: "no file"})) == ["refused", "refused"]
    assert twice(calls.close(batch)) == ["closed", "closed"]
    assert (state(engine, batch)["documents"], state(engine, batch)["refused"]) == ("4", "1")
    slot.work_off()
    assert twice(calls.close(batch)) == ["ended", "ended"]
    assert twice(calls.cancel(batch, "")) == ["ended", "ended"]
    assert engine.server.redis.hget(engine.keys.named("stats"), "submitted:tallied:5") == "1"
    assert engine.transport.send(engine.documents.submit(chain.id, [("0-1.00009", b"{}")], batch=batch)) == [
        "closed",
        batch,
    ]


def test_a_batch_of_which_nothing_is_left_by_its_parameters_ends(make_engine: MakeEngine) -> None:
    engine = make_engine(optional, tallied)
    batch = opened(engine)
    name = member_id(batch, 1)
    value = optional.input_json({"text": "a", "first": False, "second": False})
    call = engine.documents.submit(optional.id, [(name, value)], batch=batch, unwanted={name: "look file"})
    assert engine.transport.send(call) == ["accepted", "queued"]
    assert engine.head(name)["status"] == "succeeded"
    assert engine.server.redis.zcard(engine.keys.by("queued")) == 0
    assert engine.transport.send(calls.close(batch)) == "ended"


def test_what_a_retry_revived_is_waited_for(make_engine: MakeEngine) -> None:
    engine = make_engine(chain, tallied)
    batch, slot = opened(engine), engine.slot()
    first, second = fill(engine, batch, 2)
    slot.fail(slot.take(), "fatal")
    engine.transport.send(engine.documents.retry([(first, 0)], ""))
    engine.transport.send(calls.close(batch))
    engine.transport.send(engine.documents.cancel([second], ""))
    assert not aggregate(engine, batch)
    assert slot.work_off() == ["one", "two", "three", "four", "tally"]


def test_cancel_ends_all_its_documents_and_the_aggregate_is_told(make_engine: MakeEngine) -> None:
    engine = make_engine(chain, tallied)
    batch, slot = opened(engine), engine.slot()
    fill(engine, batch, 10)
    running = slot.take()
    assert engine.transport.send(calls.cancel(batch, "a mistake", most=4)) == "again"
    for _ in range(10):
        engine.sweep()  # whoever cancelled it may have died
    assert engine.server.redis.exists(engine.keys.named("cancelling")) == 0
    assert slot.complete(running, want=1).verdicts == ["ended"]
    assert state(engine, batch)["cancelled"] == "10"
    assert aggregate(engine, batch)["status"] in {"queued", "running"}
    assert engine.transport.send(calls.cancel(batch, "")) == "ended"


def test_a_batch_that_nobody_fills_any_more_is_closed_after_a_day(make_engine: MakeEngine) -> None:
    engine = make_engine(chain, tallied)
    batch, slot = opened(engine), engine.slot()
    fill(engine, batch, 1)
    slot.work_off()
    engine.shift("deadlines", 86_400_001)
    engine.sweep()
    assert state(engine, batch)["state"] == "ended" and slot.work_off() == ["tally"]


def test_a_retry_before_the_end_is_waited_for_and_one_after_it_only_counted(make_engine: MakeEngine) -> None:
    engine = make_engine(chain, tallied)
    batch, slot = opened(engine), engine.slot()
    ids = fill(engine, batch, 2)
    slot.fail(slot.take(), "fatal")
    assert engine.transport.send(engine.documents.retry([(ids[0], 0)], "")) == ["revived"]
    engine.transport.send(calls.close(batch))
    slot.fail(slot.take(), "fatal")
    assert not aggregate(engine, batch), "the other one has not ended"
    assert slot.work_off()[-1] == "tally"
    assert engine.transport.send(engine.documents.retry([(ids[0], 1)], "")) == ["revived"]
    assert (state(engine, batch)["state"], state(engine, batch)["failed"]) == ("ended", "0")
    assert slot.work_off() == ["one", "two", "three", "four"], "the aggregate has run, and runs once"
    assert (state(engine, batch)["succeeded"], state(engine, batch)["running"]) == ("2", "0")


@pytest.mark.parametrize("when", ["open", "aggregate"])
def test_members_are_kept_until_the_aggregate_has_run(make_engine: MakeEngine, when: str) -> None:
    engine = make_engine(chain, tallied)
    batch, slot = opened(engine), engine.slot()
    ids = fill(engine, batch, 2)
    answer = slot.claim()
    for _ in range(8):
        answer = slot.complete(answer.jobs[0], want=1)
    if when == "aggregate":
        engine.transport.send(calls.close(batch))
    engine.shift("retention", 86_400_001)
    assert engine.transport.send(engine.duties.purge_take()) == []
    assert all(engine.server.redis.pttl(engine.keys.data(document)) > 86_400_000 for document in ids)
    engine.transport.send(calls.close(batch))
    slot.work_off()
    engine.shift("retention", 86_400_001)
    gone = engine.transport.send(engine.duties.purge_take())
    engine.transport.send(engine.duties.purge_drop(gone))
    assert {*ids, batch} <= {*gone}
    assert [key for key in engine.server.redis.keys(f"*{batch}*") if "aggregate" not in key] == []


def test_what_is_not_to_be_kept_is_kept_for_the_aggregate(make_engine: MakeEngine) -> None:
    engine = make_engine(forgotten, tallied)
    batch, slot = opened(engine), engine.slot()
    name = member_id(batch, 1)
    engine.submit(forgotten, name, text="a", batch=batch)
    slot.complete(slot.take(), ["a"])
    slot.work_off()
    assert engine.data(name)["gather"]
    engine.transport.send(calls.close(batch))
    slot.work_off()
    engine.shift("retention", 60_001)
    assert name in engine.transport.send(engine.duties.purge_take())
