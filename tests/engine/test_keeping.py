"""How long what ended is kept: by pipeline, by how it ended, or not at all; and what deletes it before its time."""

from orchestrator.states import DocumentState
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.flows import forgotten, whole
from tests.support.pipelines import chain

DAY = 86_400_000


def kept_for(engine: Engine, document: str) -> float:
    finished = int(engine.head(document)["finished"])
    return engine.server.redis.zscore(engine.keys.named("retention"), document) - finished


def test_a_dead_letter_is_kept_longer(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    good, bad, slot = engine.submit(chain, text="a"), engine.submit(chain, text="a"), engine.slot()
    answer = slot.claim()
    while answer.jobs[0].document == good:
        answer = slot.complete(answer.jobs[0], want=1)
    slot.fail(answer.jobs[0], "fatal")
    assert (kept_for(engine, good), kept_for(engine, bad)) == (DAY, 30 * DAY)


def test_fire_and_forget_drops_outputs_at_once_and_the_rest_a_minute_later(make_engine: MakeEngine) -> None:
    engine = make_engine(forgotten)
    document, slot = engine.submit(forgotten, text="a b"), engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    slot.work_off()
    keys = engine.server.redis.keys(f"*{document}*")
    assert keys == [engine.keys.doc(document)], "who waits for it sees that it succeeded"
    assert engine.head(document)["status"] == DocumentState.SUCCEEDED
    assert kept_for(engine, document) == 60_000


def test_what_fails_is_not_forgotten(make_engine: MakeEngine) -> None:
    engine = make_engine(forgotten)
    document, slot = engine.submit(forgotten, text="a b"), engine.slot()
    slot.fail(slot.take(), "fatal")
    assert engine.data(document)["input"] and kept_for(engine, document) == 30 * DAY


def test_ended_documents_are_marked_and_dropped_and_others_left_alone(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    ended, live, slot = engine.submit(chain, text="a"), engine.submit(chain, text="a"), engine.slot()
    engine.transport.send(engine.documents.cancel([ended], ""))
    assert engine.transport.send(engine.duties.purge_mark([ended, live, "0-0nothing"])) == [ended]
    assert engine.transport.send(engine.duties.purge_drop([ended, live])) == [ended]
    assert engine.server.redis.keys(f"*{ended}*") == []
    assert slot.work_off() == ["one", "two", "three", "four"]


def test_a_pipeline_may_want_its_documents_whole(make_engine: MakeEngine) -> None:
    engine = make_engine(whole)
    first, second, slot = engine.submit(whole, text="a b c"), engine.submit(whole, text="d e"), engine.slot()
    splitter = engine.slot("w/1", lanes=("cpu",))
    splitter.complete(splitter.take(), ["a", "b", "c"])
    splitter.complete(splitter.take(), ["d", "e"])
    taken = [slot.take().document for _ in range(5)]
    assert taken == [first] * 3 + [second] * 2
