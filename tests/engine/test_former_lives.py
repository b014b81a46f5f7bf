"""A revived document has had a life before: nothing that is left of it may touch the new one."""

from tests.conftest import MakeEngine
from tests.engine.test_deadlines import patient
from tests.engine.test_retry import failed_at, retry
from tests.support.pipelines import chain, shouting


def test_a_limit_of_all_runs_begins_anew(make_engine: MakeEngine) -> None:
    engine = make_engine(patient)
    document, slot = failed_at(engine, patient, "bounded")
    assert retry(engine, document) == "revived"
    engine.shift("deadlines", 91_000)
    engine.sweep()
    assert engine.head(document)["status"] == "running"
    assert slot.work_off() == ["bounded"]


def test_an_item_that_waited_alone_is_not_handed_out_twice(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document, slot = engine.submit(shouting, text="a"), engine.slot()
    slot.complete(slot.take(), ["a", "b", "c"])
    slot.claim(2)
    slot.crash("died")
    engine.transport.send(engine.documents.cancel([document], "no more"))
    retry(engine, document)
    engine.transport.send(engine.documents.reprioritise([document], 1))
    slot, alone = engine.slot(incarnation="i2", words=()), engine.slot("v/0")
    slot.fail(slot.take(), "release")
    assert [alone.take().index, slot.take().index, slot.take().index] == [0, 1, 2]


def test_the_fence_goes_on_where_the_clock_went_back(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document, slot = failed_at(engine, chain, "two")
    token, rest = engine.head(document)["two.run"].split(" ", 1)
    later = int(token) + 3_600_000_000
    engine.server.redis.hset(engine.keys.doc(document), "two.run", f"{later} {rest}")
    retry(engine, document, "one")
    (job,) = slot.complete(slot.take(), want=1).jobs
    assert (job.step, int(job.token) > later) == ("two", True)


def test_a_flag_goes_only_with_the_run_that_raised_it(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document, slot = engine.submit(chain, text="a"), engine.slot()
    first = slot.take()
    engine.transport.send(slot.calls.flag(first, "needs_review", "a page is torn"))
    slot.complete(first)
    second = slot.take()
    for flag in ("needs_review", "slow"):
        engine.transport.send(slot.calls.flag(second, flag, "it took long"))
    slot.fail(second, "fatal")
    assert engine.head(document)["flags"] == "needs_review slow"
    retry(engine, document)
    assert engine.head(document)["flags"] == "needs_review"
    assert engine.transport.send(engine.documents.by_status("slow", 5)) == []
    slot.work_off()
    assert retry(engine, document, "one", times=1) == "revived"
    assert "flags" not in engine.head(document)
    assert engine.transport.send(engine.documents.by_status("needs_review", 5)) == []
