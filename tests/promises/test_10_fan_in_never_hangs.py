"""Promise 10: fan-in is judged from the states of its inputs, never from a counter."""

import random

from tests.conftest import MakeEngine
from tests.support.pipelines import chained, shouting

MANY = 10_000


def test_the_join_runs_once_after_the_last_item_whatever_the_order(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document = engine.submit(shouting, text="a")
    slot = engine.slot()
    slot.complete(slot.take(), [str(i) for i in range(8)])
    items = [slot.take() for _ in range(8)]
    random.Random(1).shuffle(items)
    for item in items:
        assert engine.head(document)["join.state"] == "waiting"
        slot.complete(item, item.index)
    assert slot.work_off() == ["join", "praise", "keep", "tell"]
    outputs = engine.transport.send(engine.documents.items(document, "shout", range(8)))
    assert outputs == [str(i).encode() for i in range(8)], "order is kept"


def test_an_item_completed_twice_counts_once(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document = engine.submit(shouting, text="a b")
    slot = engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    item = slot.take()
    slot.complete(item, "A")
    assert slot.complete(item, "A").verdicts == ["stale"]
    assert engine.head(document)["join.state"] == "waiting"


def test_a_fan_out_over_nothing_ends_at_once(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting, chained)
    document, other = engine.submit(shouting, text=""), engine.submit(chained, text="")
    slot = engine.slot()
    slot.work_off(lambda job: [] if job.step == "split" else "x")  # pyright: ignore
    assert engine.head(document)["status"] == "succeeded"
    assert engine.head(other)["status"] == "succeeded"


def test_a_failed_item_fails_its_document_and_the_rest_is_cancelled(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document = engine.submit(shouting, text="a")
    slot = engine.slot()
    slot.complete(slot.take(), ["a", "b", "c"])
    running, bad = slot.take(), slot.take()
    slot.fail(bad, "fatal")
    head = engine.head(document)
    assert (head["status"], head["shout.state"], head["join.state"]) == ("failed", "failed", "cancelled")
    assert slot.complete(running, "A").verdicts == ["ended"]
    assert slot.work_off() == ["tell"], "on_finish runs for a failed document too"


def test_a_failed_item_is_tried_again_before_the_list_goes_on(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    engine.submit(shouting, text="a")
    slot = engine.slot()
    slot.complete(slot.take(), ["a", "b", "c"])
    slot.fail(slot.take())
    again = slot.take()
    assert (again.index, again.attempt) == (0, 2)


def test_a_delayed_item_does_not_hold_up_the_others(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document = engine.submit(shouting, text="a")
    slot = engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    slot.fail(slot.take(), delay=3600)
    assert slot.take().index == 1
    assert slot.claim().word == "none"
    assert engine.server.redis.zrange(engine.keys.named("delayed"), 0, -1) == [f"{document}/shout"]
    engine.shift("delayed", 3_600_000)
    due = engine.keys.fan(document, "shout", "due")
    engine.server.redis.zincrby(due, -3_600_000, "0")
    engine.sweep()
    assert slot.take().index == 0


def test_a_map_over_a_map_starts_each_item_when_its_own_input_is_done(make_engine: MakeEngine) -> None:
    engine = make_engine(chained)
    document = engine.submit(chained, text="a")
    slot = engine.slot()
    slot.complete(slot.take(), ["a", "b", "c"])
    first, second, third = slot.take(), slot.take(), slot.take()
    slot.complete(third, "C")
    assert slot.take().job == f"{document}/louder[2]"
    slot.complete(first, "A")
    slot.complete(second, "B")
    assert {slot.take().index, slot.take().index} == {0, 1}


def test_ten_thousand_items_are_one_entry_and_all_run_once(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document = engine.submit(shouting, text="a")
    slot = engine.slot()
    job = slot.take()
    items = [str(i).encode() for i in range(MANY)]
    for first in range(500, MANY, 500):
        engine.transport.send(slot.calls.items(job, first, items[first : first + 500]))
    done = slot.done(job, [])
    from orchestrator.calls import Done

    answer = engine.transport.send(slot.calls.complete([Done(done.job, length=MANY, items=items[:500])]))
    seen: set[int | None] = set()
    while answer.jobs and answer.jobs[0].step == "shout":
        assert engine.server.redis.zcard(engine.keys.ready("gpu")) <= 1
        assert answer.jobs[0].item == str(answer.jobs[0].index).encode(), "each gets its own element"
        seen.add(answer.jobs[0].index)
        answer = slot.complete(answer.jobs[0], 1, want=1)
    assert seen == set(range(MANY))
    assert answer.jobs[0].step == "join"
    assert engine.head(document)["shout.state"] == "done"
