"""Another priority: what waits moves to where new documents of that priority would be; what runs is not touched."""

from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, shouting


def reprioritise(engine: Engine, document: str, priority: int) -> str:
    (word,) = engine.transport.send(engine.documents.reprioritise([document], priority))
    return word


def test_a_waiting_document_overtakes(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    first, second, third = (engine.submit(chain, text="a") for _ in range(3))
    assert reprioritise(engine, third, 9) == "moved"
    assert reprioritise(engine, first, 0) == "moved"
    slot = engine.slot()
    assert [slot.take().document for _ in range(3)] == [third, second, first]


def test_it_comes_after_those_that_have_the_priority_already(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    late = engine.submit(chain, text="a")
    urgent = [engine.submit(chain, text="a", priority=9) for _ in range(3)]
    reprioritise(engine, late, 9)
    slot = engine.slot()
    assert [slot.take().document for _ in range(4)] == [*urgent, late]


def test_its_next_steps_follow_and_what_runs_goes_on(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document, slot = engine.submit(chain, text="a"), engine.slot()
    job = slot.take()
    other = engine.submit(chain, text="a", priority=7)
    assert reprioritise(engine, document, 9) == "moved"
    assert slot.complete(job, want=1).jobs[0].job == f"{document}/two"
    assert slot.take().document == other


def test_a_fan_out_moves_as_a_whole(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document, other = engine.submit(shouting, text="a"), engine.submit(shouting, text="a")
    slot, gpu = engine.slot(lanes=("cpu",)), engine.slot("w/1", lanes=("gpu",))
    for _ in range(2):
        slot.complete(slot.take(), ["a", "b", "c"])
    assert gpu.take().document == document
    reprioritise(engine, document, 1)
    assert [gpu.take().document for _ in range(2)] == [other, other]
    reprioritise(engine, document, 9)
    assert [gpu.take().index for _ in range(2)] == [1, 2]
    assert gpu.take().document == other


def test_what_changes_nothing(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    assert reprioritise(engine, document, 5) == "same"
    engine.slot().work_off()
    assert reprioritise(engine, document, 9) == "succeeded"
    assert reprioritise(engine, "0-1nosuch", 9) == "unknown"


def limit(engine: Engine, document: str, deadline: float, priority: int | None = None) -> str:
    """Another deadline, seconds of the epoch."""
    (word,) = engine.transport.send(engine.documents.reprioritise([document], priority, deadline))
    return word


def deadlines(engine: Engine) -> dict[str, float]:
    """What must have ended, and when, ms."""
    found = engine.server.redis.zrange(engine.keys.named("deadlines"), 0, -1, withscores=True)
    return {str(document): when for document, when in found}


def test_another_deadline_takes_the_place_of_the_first(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    late, other = engine.submit(chain, text="a", deadline=60.0), engine.submit(chain, text="b")
    far = 4_000_000_000.0
    assert limit(engine, late, far) == limit(engine, other, far) == "moved"
    assert limit(engine, late, far) == "same", "the same call again changes nothing"
    assert deadlines(engine) == {late: far * 1000, other: far * 1000}
    assert engine.head(late)["deadline"] == "4000000000000"
    engine.shift("deadlines", 61_000)
    engine.sweep()
    assert engine.head(late)["status"] == "queued"
    assert limit(engine, late, 1.0) == "moved"
    engine.sweep()
    assert (engine.head(late)["status"], engine.head(late)["error"]) == ("failed", "Deadline")
    assert limit(engine, late, far) == "failed"
    assert late not in deadlines(engine), "one that has ended gets none"


def test_no_deadline_any_more(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a", deadline=60.0)
    assert limit(engine, document, 0) == "moved"
    assert limit(engine, document, 0) == "same"
    assert deadlines(engine) == {}
    assert "deadline" not in engine.head(document)


def test_a_priority_and_a_deadline_in_one_call(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    first, second = engine.submit(chain, text="a"), engine.submit(chain, text="b")
    assert limit(engine, second, 4_000_000_000.0, priority=9) == "moved"
    assert engine.slot().take().document == second
    assert deadlines(engine) == {second: 4e12}
    assert limit(engine, second, 4_000_000_000.0, priority=5) == "moved", "one of them is another"
    assert engine.head(first)["priority"] == engine.head(second)["priority"] == "5"
