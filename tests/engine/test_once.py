"""Submitted once: idempotency keys and unique names, judged where the document is made."""

import pytest

from orchestrator.calls.once import Once
from orchestrator.errors import UsageError
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain


def submit(engine: Engine, document: str, once: Once, tenant: str = "acme") -> list[str]:
    call = engine.documents.submit(chain.id, [(document, b'{"text":"a"}')], tenant=tenant, once=once)
    return engine.transport.send(call)


def test_a_key_used_again_leads_to_the_same_document(make_engine: MakeEngine) -> None:
    engine, once = make_engine(chain), Once("k1", "d1")
    assert submit(engine, "0-1a", once) == ["accepted", "queued"]
    assert submit(engine, "0-1a", once) == ["accepted", "repeated"], "the reply was lost: its own id is no conflict"
    assert submit(engine, "0-1b", once) == ["same", "0-1a"]
    assert submit(engine, "0-1b", Once("k1", "d2")) == ["differs", "0-1a"]
    assert submit(engine, "0-1b", once, tenant="other") == ["accepted", "queued"], "keys are a tenant's own"
    assert engine.head("0-1c") == {}
    assert engine.slot().work_off() == ["one", "two", "three", "four"] * 2


def test_a_key_whose_document_is_gone_is_free(make_engine: MakeEngine) -> None:
    engine, once = make_engine(chain), Once("k1", "d1")
    submit(engine, "0-1a", once)
    engine.slot().work_off()
    assert submit(engine, "0-1b", once) == ["same", "0-1a"], "also after it has ended"
    engine.shift("retention", 10 * 86_400_000)
    engine.transport.send(engine.duties.purge_take())
    engine.transport.send(engine.duties.purge_drop(["0-1a"]))
    assert submit(engine, "0-1b", once) == ["accepted", "queued"]


@pytest.mark.parametrize("end", ["succeeded", "failed", "cancelled"])
def test_a_unique_name_is_free_again_however_its_document_ends(make_engine: MakeEngine, end: str) -> None:
    engine, once = make_engine(chain), Once(unique="report-2026-11")
    assert submit(engine, "0-1a", once) == ["accepted", "queued"]
    assert submit(engine, "0-1b", once) == ["taken", "0-1a"]
    slot = engine.slot()
    job = slot.take()
    assert submit(engine, "0-1b", once) == ["taken", "0-1a"]
    if end == "succeeded":
        slot.complete(job)
        slot.work_off()
    elif end == "failed":
        slot.fail(job, "fatal")
    else:
        engine.transport.send(engine.documents.cancel(["0-1a"], "no more"))
    assert engine.head("0-1a")["status"] == end
    assert submit(engine, "0-1b", once) == ["accepted", "queued"]


def test_a_unique_name_for_so_long(make_engine: MakeEngine) -> None:
    engine, once = make_engine(chain), Once(unique="hourly", unique_for=3600)
    submit(engine, "0-1a", once)
    engine.slot().work_off()
    assert submit(engine, "0-1b", once) == ["taken", "0-1a"], "it has ended, but the hour has not"
    name = engine.keys.named("unique:acme:hourly")
    assert 3590 < engine.server.redis.ttl(name) <= 3600
    engine.server.redis.delete(name)
    assert submit(engine, "0-1b", once) == ["accepted", "queued"]


def test_what_was_accepted_stays_so_when_another_has_its_name(make_engine: MakeEngine) -> None:
    engine, once = make_engine(chain), Once(unique="hourly")
    submit(engine, "0-1a", once)
    engine.slot().work_off()
    assert submit(engine, "0-1b", once) == ["accepted", "queued"]
    assert submit(engine, "0-1a", once) == ["accepted", "repeated"], "a reply that came late"
    assert submit(engine, "0-1c", once) == ["taken", "0-1b"], "and takes the name from nobody"


def test_how_long_a_name_is_taken_is_said_by_who_took_it(make_engine: MakeEngine) -> None:
    engine, to_its_end, timed = make_engine(chain), Once(unique="hourly"), Once(unique="hourly", unique_for=3600)
    submit(engine, "0-1a", to_its_end)
    engine.slot().work_off()
    assert submit(engine, "0-1b", timed) == ["accepted", "queued"]
    engine.slot(incarnation="i2").work_off()
    assert submit(engine, "0-1c", to_its_end) == ["taken", "0-1b"]


@pytest.mark.parametrize("once", [Once(key="two words"), Once(unique="x" * 129), Once(unique="a", unique_for=0)])
def test_what_is_no_name(once: Once) -> None:
    with pytest.raises(UsageError):
        once.check()
