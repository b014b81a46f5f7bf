"""The cache of step results, driven by hand: what is kept, for how long, how much, and who may not have it."""

import asyncio
from pathlib import Path

import pytest

from orchestrator.blobs import Blobs
from orchestrator.caching import empty_cache, forget_cached, tidy_cache
from orchestrator.calls.caching import CacheCalls, Entry, Kept
from orchestrator.connection import Asynchronous
from tests.conftest import MakeEngine
from tests.promises.test_11_memory_is_bounded import left_behind
from tests.support.engine import Engine, Hand
from tests.support.pipelines import chain, shouting

MOST = 100_000
PERMANENT = {"cache", "cache-used", "cache-ends", "cache-gone"}


class Cached:
    """The cache, and a document that uses it."""

    def __init__(self, engine: Engine) -> None:
        self.engine, self.calls = engine, CacheCalls(engine.keys)
        self.slot: Hand = engine.slot()
        self.document = engine.submit(chain, text="a")
        self.leased = self.slot.take()
        self.job = self.leased.job

    def keep(self, digest: str, value: bytes = b'"v"', most: int = MOST, job: str = "", **more: object) -> str:
        """Keep it."""
        entry = Entry(digest, job or self.job, 60.0, value)._replace(**more)
        return self.engine.transport.send(self.calls.keep(entry, most))

    def get(self, digest: str, job: str = "") -> bytes | None:
        """What is there."""
        kept = self.engine.transport.send(self.calls.get(digest, job or self.job))
        return kept and kept.value

    def total(self) -> int:
        """Bytes, as counted."""
        return int(self.engine.server.redis.hget(self.engine.keys.named("cache"), "bytes") or 0)

    def pass_time(self, milliseconds: int) -> None:
        """Pretend that entries are so much older."""
        redis, keys = self.engine.server.redis, self.engine.keys
        self.engine.shift("cache-ends", milliseconds)
        self.engine.shift("cache-used", milliseconds)
        for digest in redis.zrange(keys.named("cache-ends"), 0, -1):
            redis.hincrby(keys.cache(digest), "ends", -milliseconds)


@pytest.fixture
def cached(make_engine: MakeEngine) -> Cached:
    return Cached(make_engine(chain, shouting))


def tidy(engine: Engine, blobs: Blobs) -> None:
    async def all_of_it() -> None:
        transport = Asynchronous(engine.server.url)
        while await tidy_cache(transport, blobs):
            pass
        await transport.close()

    asyncio.run(all_of_it())


def test_what_is_kept_is_found_and_what_is_kept_later_takes_its_place(cached: Cached) -> None:
    assert cached.get("d") is None
    assert cached.keep("d", b"1") == "kept"
    assert (cached.get("d"), cached.get("e")) == (b"1", None)
    total = cached.total()
    assert [cached.keep("d", b"22"), cached.keep("d", b"22")] == ["kept", "kept"], "sent again it is the same"
    assert (cached.get("d"), cached.total()) == (b"22", total + 1)
    assert cached.engine.transport.send(cached.calls.get("d", cached.job)) == Kept(b"22", refers=False)


def test_after_its_time_it_is_gone(cached: Cached, tmp_path: Path) -> None:
    cached.keep("d")
    cached.pass_time(59_000)
    assert cached.get("d") == b'"v"'
    cached.pass_time(1_001)
    assert cached.get("d") is None, "before anybody tidies"
    tidy(cached.engine, Blobs(f"file://{tmp_path}"))
    assert cached.total() == 0
    assert not cached.engine.server.redis.exists(cached.engine.keys.cache("d"))
    assert not cached.engine.server.redis.zcard(cached.engine.keys.named("cache-ends"))


def test_the_longest_unused_leaves_first(cached: Cached) -> None:
    cached.keep("a")
    bound = cached.total() * 3
    for digest in ("b", "c"):
        cached.keep(digest, most=bound)
    cached.pass_time(1000)
    assert cached.get("a") is not None
    cached.keep("d", most=bound)
    assert [digest for digest in "abcd" if cached.get(digest)] == ["a", "c", "d"]
    assert cached.total() <= bound


def test_one_call_evicts_a_bounded_number_and_a_duty_the_rest(cached: Cached, tmp_path: Path) -> None:
    for number in range(60):
        cached.keep(f"d{number}")
    one = cached.total() // 60
    assert cached.keep("last", most=one * 5) == "kept"
    assert cached.total() > one * 30, "no script holds the server for long"
    tidy(cached.engine, Blobs(f"file://{tmp_path}"))
    assert cached.total() <= one * 5
    assert cached.get("last") is not None


def test_what_alone_is_too_large_is_not_kept_and_evicts_nobody(cached: Cached) -> None:
    cached.keep("d")
    assert cached.keep("e", b"x" * 500, most=cached.total(), size=1, folder="cache/e") == "large"
    assert (cached.get("d") is not None, cached.get("e")) == (True, None)
    assert cached.engine.server.redis.zrange(cached.engine.keys.named("cache-gone"), 0, -1) == ["cache/e"]


def test_a_document_that_has_ended_neither_gives_nor_gets(cached: Cached) -> None:
    cached.keep("d")
    cached.engine.transport.send(cached.engine.documents.cancel([cached.document], "enough"))
    assert cached.get("d") is None
    assert cached.keep("e") == "ended"
    assert cached.keep("e", job="0-1nosuch/one") == "ended"


def test_blobs_of_what_leaves_are_deleted_also_when_a_process_died_between(cached: Cached, tmp_path: Path) -> None:
    blobs, redis = Blobs(f"file://{tmp_path}/blobs"), cached.engine.server.redis
    gone = cached.engine.keys.named("cache-gone")
    for folder in ("cache/d-1", "cache/d-2", "cache/d-3"):
        cached.engine.transport.send(cached.calls.begin(folder))
        blobs.put(f"{folder}/value", b"x")
    for folder in ("cache/d-1", "cache/d-2", "cache/d-2"):
        cached.keep("d", b"@" + folder.encode(), folder=folder, size=1)
    tidy(cached.engine, blobs)
    left = sorted(path.name for path in (tmp_path / "blobs" / "cache").iterdir())
    assert left == ["d-2", "d-3"], "the one that was replaced has gone; one is in the making"
    assert redis.zrange(gone, 0, -1) == ["cache/d-3"]
    cached.engine.shift("cache-gone", 3_600_001)
    cached.engine.transport.send(cached.calls.take())  # and dies
    tidy(cached.engine, blobs)
    assert [path.name for path in (tmp_path / "blobs" / "cache").iterdir()] == ["d-2"], "nobody ever took it"
    assert redis.zcard(gone) == 0


def test_all_of_it_or_what_belongs_to_a_document_can_be_let_go(cached: Cached, tmp_path: Path) -> None:
    engine, blobs = cached.engine, Blobs(f"file://{tmp_path}/blobs")
    other = engine.submit(chain, text="b")
    own, others = cached.job, cached.slot.take().job
    for number in range(120):
        cached.keep(f"d{number}", job=own)
    blobs.put("cache/x-1/value", b"x")
    cached.keep("x", job=others, folder="cache/x-1", size=1)
    assert cached.get("d1", job=others) is not None

    async def forget() -> list[int]:
        transport = Asynchronous(engine.server.url)
        numbers = [await forget_cached(transport, blobs, other)]
        left = engine.server.redis.zcard(engine.keys.named("cache-used"))
        numbers += [left, await empty_cache(transport, blobs), await empty_cache(transport, blobs)]
        await transport.close()
        return numbers

    assert asyncio.run(forget()) == [2, 119, 119, 0], "what it gave, and what it got"
    assert (cached.total(), blobs.folders()) == (0, ["cache"])
    assert not list((tmp_path / "blobs" / "cache").iterdir())


def test_nothing_of_it_stays_for_ever(cached: Cached) -> None:
    cached.keep("d")
    cached.slot.complete(cached.leased)
    cached.slot.work_off()
    bounded = {name for name in left_behind(cached.engine) if not name.startswith(("cache:", "slot:", "ready:"))}
    assert bounded <= PERMANENT
    assert 0 < cached.engine.server.redis.ttl(cached.engine.keys.cached(cached.document)) <= 60


def test_a_cached_end_is_counted_and_told_once_a_step(make_engine: MakeEngine) -> None:
    engine = make_engine(shouting)
    document, slot = engine.submit(shouting, text="a"), engine.slot()
    slot.complete(slot.take(), ["a", "b", "c"])
    for _ in range(3):
        job = slot.take()
        done = slot.done(job, "X")
        call = slot.calls.complete([type(done)(job, done.output, cached=job.index != 1)], 0)
        assert [slot.send(call).word, slot.send(call).word] == ["ok", "repeated"]
    assert [line.split(" ", 2)[1:] for line in engine.log(document)] == [
        [f"{document}/shout[0]", "cached: the same was done before, its result was kept"]
    ]
    assert engine.head(document)["shout.cached"] == "2"
    stats = engine.transport.send(engine.documents.stats())
    assert stats["cached:shouting:shout"] == "2"
    runs = [int(n) for name, n in stats.items() if name.startswith("run:shouting:shout:") and not name.endswith("sum")]
    assert sum(runs) == 1, "only what ran tells how long it takes"


def test_a_retry_from_a_step_on_gets_nothing_that_was_kept(cached: Cached) -> None:
    engine, document, slot = cached.engine, cached.document, cached.slot
    cached.keep("d")
    slot.complete(cached.leased)
    slot.work_off()
    retry = engine.documents.retry
    assert engine.transport.send(retry([(document, 0)], "again", "two")) == ["revived"]
    assert set(engine.head(document)["anew"].split()) == {"two", "three", "four"}
    assert [cached.get("d", f"{document}/{step}") for step in ("one", "two", "four")] == [b'"v"', None, None]
    assert cached.keep("d", b"2", job=f"{document}/two") == "kept", "what it makes now is kept"
    other = engine.submit(chain, text="b")
    assert cached.get("d", f"{other}/two") == b"2"
    slot.fail(slot.take(), "fatal")
    slot.work_off()
    assert engine.transport.send(retry([(document, 1)], "the rest")) == ["revived"]
    assert cached.get("d", f"{document}/two") == b"2", "a retry of what is missing may"
