"""A checkpoint: whatever ends a run, the next one begins with what that kept."""

from orchestrator.calls import Leased
from tests.conftest import MakeEngine
from tests.support.engine import Engine, Hand
from tests.support.pipelines import chain, shouting


def keep(engine: Engine, slot: Hand, job: Leased, value: bytes) -> str:
    return engine.transport.send(slot.calls.checkpoint(job, value))


def kept(engine: Engine, job: Leased) -> bytes | None:
    return engine.transport.send(engine.documents.checkpoint(job.document, job.step, job.index))


def test_the_next_attempt_gets_it_after_a_crash_and_after_an_error(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    slot = engine.slot()
    job = slot.take()
    assert kept(engine, job) is None
    assert keep(engine, slot, job, b'{"page":3}') == "ok"
    slot.crash()
    slot = engine.slot(incarnation="i2")
    job = slot.take()
    assert kept(engine, job) == b'{"page":3}'
    keep(engine, slot, job, b'{"page":5}')
    slot.fail(job)
    assert kept(engine, slot.take()) == b'{"page":5}'


def test_a_late_worker_keeps_nothing(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    engine.submit(chain, text="a")
    late = engine.slot()
    job = late.take()
    engine.shift("leases", 31_000)
    engine.sweep()
    other = engine.slot("w2/0")
    keep(engine, other, other.take(), b"2")
    assert keep(engine, late, job, b"1") == "stale"
    assert kept(engine, job) == b"2"


def test_an_item_has_its_own_until_it_is_done(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document, slot = engine.submit(shouting, text="a b"), engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    job = slot.take()
    keep(engine, slot, job, b"7")
    slot.fail(job)
    again = slot.take()
    assert (again.index, kept(engine, again)) == (job.index, b"7")
    slot.complete(again)
    assert not [
        field for field in engine.server.redis.hkeys(engine.keys.fan(document, "shout")) if "checkpoint" in field
    ]


def test_a_retry_goes_on_with_it_unless_what_the_step_is_given_is_new(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document, slot = engine.submit(chain, text="a"), engine.slot()
    slot.complete(slot.take())
    job = slot.take()
    keep(engine, slot, job, b"9")
    slot.fail(job, "fatal")
    engine.transport.send(engine.documents.retry([(document, 0)], ""))
    job = slot.take()
    assert (job.step, kept(engine, job)) == ("two", b"9")
    slot.fail(job, "fatal")
    engine.transport.send(engine.documents.retry([(document, 1)], "", "one"))
    assert kept(engine, job) is None
