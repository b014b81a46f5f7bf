"""Promise 11: Redis memory is bounded: what ended is purged, and nothing is left behind."""

import pytest

from orchestrator.errors import Full
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.lenient import scanning
from tests.support.pipelines import chain, shouting

PERMANENT = {"events", "flags", "gone", "lanes", "place", "retention", "stats", "workers", "leases", "delayed"}
"""Keys that a shard has once; `pipeline:`, `tenant:`, `by:`, `ready:` and `lane:` come in bounded numbers."""


def left_behind(engine: Engine) -> set[str]:
    """Keys with neither a TTL nor an owner."""
    redis, prefix = engine.server.redis, engine.keys.prefix
    names = {key.removeprefix(prefix): redis.ttl(key) for key in redis.keys("*")}
    bounded = ("pipeline:", "tenant:", "by:", "wake:")
    return {n for n, ttl in names.items() if ttl < 0 and n not in PERMANENT and not n.startswith(bounded)}


def test_every_key_of_an_ended_document_has_a_ttl(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    engine.submit(shouting, text="a")
    slot = engine.slot()
    slot.work_off(lambda job: ["a", "b"] if job.step == "split" else "x")  # pyright: ignore
    assert left_behind(engine) == set()


def test_a_failed_document_leaves_nothing_without_a_ttl(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    engine.submit(shouting, text="a")
    slot = engine.slot()
    slot.complete(slot.take(), ["a", "b", "c"])
    slot.fail(slot.take(), delay=60)
    slot.fail(slot.take(), "fatal")
    slot.work_off()
    assert left_behind(engine) == set()


def test_purge_drops_keys_and_index_entries_together(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    engine.slot().work_off()
    assert engine.transport.send(engine.duties.purge_take()) == [], "its retention has not passed"
    engine.shift("retention", 10 * 86_400_000)
    assert engine.transport.send(engine.duties.purge_take()) == [document]
    assert engine.head(document)["purging"], "it is there until its blobs are gone"
    drop = engine.duties.purge_drop([document])
    assert engine.transport.send(drop) == [document]
    assert engine.transport.send(drop) == []
    assert [key for key in engine.server.redis.keys("*") if document in key] == []
    assert engine.server.redis.zcard(engine.keys.named("gone")) == 1, "that it was there is remembered"
    assert engine.server.redis.zcard(engine.keys.by("succeeded")) == 0
    assert engine.server.redis.zcard(engine.keys.named("retention")) == 0


def test_what_is_remembered_of_the_purged_is_bounded(make_engine: MakeEngine) -> None:
    """The oldest are forgotten first."""
    engine, most = make_engine(chain), 100_000
    gone = engine.keys.named("gone")
    engine.server.redis.zadd(gone, {f"0-0{number:07} 1 acme": 0 for number in range(most)})
    document = engine.submit(chain, text="a")
    engine.slot().work_off()
    engine.shift("retention", 10 * 86_400_000)
    engine.transport.send(engine.duties.purge_drop(engine.transport.send(engine.duties.purge_take())))
    assert engine.server.redis.zcard(gone) == most
    first, last = engine.server.redis.zrange(gone, 0, 0)[0], engine.server.redis.zrange(gone, -1, -1)[0]
    assert first.startswith("0-00000001 ")
    assert last.startswith(f"{document} ")


def test_a_document_that_ended_in_part_and_was_flagged_goes_whole(make_engine: MakeEngine) -> None:
    engine = make_engine(scanning)
    document, slot = engine.submit(scanning, text="a"), engine.slot()
    slot.complete(slot.take(), ["a", "b"])
    slot.fail(slot.take(), "fatal")
    slot.complete(slot.take())
    join = slot.take()
    for _ in range(2):
        assert engine.transport.send(slot.calls.flag(join, "needs_review", "a page is missing")) == "ok"
    slot.complete(join)
    assert engine.head(document)["flags"] == "needs_review", "once"
    assert left_behind(engine) == set()
    assert engine.transport.send(engine.documents.by_status("needs_review", 5)) == [document]
    engine.shift("retention", 10 * 86_400_000)
    engine.transport.send(engine.duties.purge_take())
    engine.transport.send(engine.duties.purge_drop([document]))
    assert [key for key in engine.server.redis.keys("*") if document in key] == []
    assert engine.transport.send(engine.documents.by_status("needs_review", 5)) == []


def test_a_purger_that_died_between_its_calls_is_followed_by_another(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    engine.slot().work_off()
    engine.shift("retention", 10 * 86_400_000)
    engine.transport.send(engine.duties.purge_take())
    engine.shift("retention", 700_000)
    assert engine.transport.send(engine.duties.purge_take()) == [document]


def test_a_document_that_its_on_finish_still_needs_is_put_back(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document = engine.submit(shouting, text="")
    slot = engine.slot()
    answer = slot.claim()
    while answer.jobs[0].step != "tell":
        answer = slot.complete(answer.jobs[0], [] if answer.jobs[0].step == "split" else "x", want=1)
    engine.shift("retention", 10 * 86_400_000)
    assert engine.transport.send(engine.duties.purge_take()) == []
    slot.complete(answer.jobs[0])
    engine.shift("retention", 10 * 86_400_000)
    assert document in engine.transport.send(engine.duties.purge_take())


def test_a_full_redis_refuses_submits_and_still_drains(make_engine: MakeEngine) -> None:
    engine = make_engine(chain)
    document = engine.submit(chain, text="a")
    slot = engine.slot()
    job = slot.take()
    engine.server.redis.config_set("maxmemory", "1mb")
    try:
        with pytest.raises(Full, match="full"):
            engine.submit(chain, text="b")
        slot.complete(job)
        assert slot.work_off() == ["two", "three", "four"]
    finally:
        engine.server.redis.config_set("maxmemory", 0)
    assert engine.head(document)["status"] == "succeeded"
