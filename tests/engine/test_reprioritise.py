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
