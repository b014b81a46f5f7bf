"""Results kept by content, with real workers: the same bytes are not worked on twice, other ones never taken for them."""

import io
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestrator.caching import tidy_cache
from orchestrator.client import Mill
from orchestrator.settings import Settings
from orchestrator.views import Document
from tests.support.cached import CACHED, LARGE
from tests.support.server import Server
from tests.support.workers import Worker, effects, running_worker, wait_until

SLOTS = "gpu*1 llm*2 cpu*1"
RECITED = b'"' + b"x" * LARGE + b'"'
TEXT = b"one line\nand a second\n" + b"a long one " * 1000 + b"\n"


@pytest.fixture
async def mill(server: Server, tmp_path: Path) -> AsyncIterator[Mill]:
    settings = Settings(redis_url=server.url, data_dir=tmp_path / "data", pipelines=tuple(CACHED.split(",")))
    async with Mill.connect(server.url, settings) as mill:
        yield mill


@contextmanager
def worker(mill: Mill, folder: Path, **settings: str) -> Generator[Worker]:
    options = {"slots": SLOTS, "pipelines": CACHED, "standby": "0", **settings}
    with running_worker(mill.settings.redis_url or "", folder, **options) as running:
        yield running


async def run(mill: Mill, pipeline: str, text: str) -> Document:
    return await mill.wait(await mill.submit(pipeline, {"text": text}), 60)


async def run_file(mill: Mill, pipeline: str, name: str, content: bytes = TEXT) -> Document:
    return await mill.wait(await mill.submit_file(name, io.BytesIO(content), pipeline=pipeline), 60)


def ran(folder: Path) -> list[str]:
    """Which cached steps ran."""
    return [line[2] for line in effects(folder)]


def recited(mill: Mill, found: Document) -> bytes:
    """What `recite` made: too large for Redis."""
    return mill.blobs.get(found.outputs["recite"]["blob"])


def notes(found: Document) -> list[str]:
    """What the log says of the cache."""
    return [line for line in found.log if " cached: " in line]


def purge(mill: Mill, server: Server, document: str) -> None:
    """What a purge does to a document."""
    mill.blobs.delete(document)
    server.redis.delete(*server.redis.keys(f"*:doc:{document}*"))


def spoil(path: Path, content: bytes | None) -> None:
    """A file vanishes, or has something else in it."""
    path.unlink() if content is None else path.write_bytes(content)


async def test_the_same_bytes_are_read_once_whatever_their_name(mill: Mill, server: Server, tmp_path: Path) -> None:
    with worker(mill, tmp_path):
        first = await run_file(mill, "reading", "a.txt")
        assert ran(tmp_path) == ["read"] * 3
        purge(mill, server, first.id)
        second = await run_file(mill, "reading", "b.txt")
        other = await run_file(mill, "reading", "a.txt", TEXT + b"more\n")
    assert second.status == "succeeded"
    assert second.outputs["bind"] == first.outputs["bind"]
    assert ran(tmp_path) == ["read"] * 7, "the second none, the longer one all of its four"
    assert (len(notes(first)), len(notes(second)), len(notes(other))) == (0, 1, 0)
    assert (tmp_path / "data" / "blobs" / second.id / "read[2]").exists(), "the long line is its own"
    stats = await mill.transport.send(mill.calls.stats())
    assert stats["cached:reading:read"] == "3"


async def test_every_kind_of_step_has_its_result_again(mill: Mill, tmp_path: Path) -> None:
    with worker(mill, tmp_path):
        works = [
            ("reciting", "x"), ("listing", "ab cde"), ("together", "abc"), ("praising", "well"), ("praising", ""),
            ("switching", "well"), ("switching", ""),
        ]  # fmt: skip
        for work in works:
            await run(mill, *work)
        ran_first = ran(tmp_path)
        large, listed, weighed, *praised, well, nothing = [await run(mill, *work) for work in works]
    assert recited(mill, large) == RECITED
    assert listed.outputs["add"] == 300 * (200 * 5)
    assert weighed.outputs["weigh"] == 3
    assert [one.outputs["praise"] for one in praised] == ["well!", None]
    decided = [one.outputs["tell"] for one in (well, nothing)]
    assert decided == ["well! dug well!", "None None"], "what a result decides is decided"
    assert ran(tmp_path) == ran_first
    assert {name: ran_first.count(name) for name in ("recite", "cut", "praise")} == {"recite": 1, "cut": 1, "praise": 2}
    assert all(notes(one) for one in (large, listed, weighed, *praised, well, nothing))


async def test_what_an_output_refers_to_is_each_documents_own(mill: Mill, server: Server, tmp_path: Path) -> None:
    with worker(mill, tmp_path):
        first = await run_file(mill, "copying", "a.txt")
        purge(mill, server, first.id)
        second = await run_file(mill, "copying", "b.txt")
        third = await run_file(mill, "copying", "c.txt")
    assert ran(tmp_path) == ["copy"]
    for found in (second, third):
        upper, given, again = found.outputs["copy"]
        assert all(one["blob"].startswith(f"{found.id}/") for one in (upper, given, again))
        assert mill.blobs.get(upper["blob"]) == TEXT.upper()
        assert (mill.blobs.get(given["blob"]), again["blob"]) == (TEXT, upper["blob"])
        assert given["blob"].startswith(f"{found.id}/input/"), "what it was given is there already"


async def test_a_retry_from_a_step_on_really_runs_it(mill: Mill, tmp_path: Path) -> None:
    with worker(mill, tmp_path):
        first = await run(mill, "reciting", "x")
        await run(mill, "reciting", "x")
        assert ran(tmp_path) == ["recite"]
        await mill.retry(first.id, start="recite")
        again = await mill.wait(first.id, 60)
        await run(mill, "reciting", "x")
    assert recited(mill, again) == RECITED
    assert ran(tmp_path) == ["recite", "recite"], "and what it made is what others get"


async def test_what_belongs_to_one_document_is_not_kept(mill: Mill, tmp_path: Path) -> None:
    """It names its document, or flags it, or says that it is worse than it might be, or read of it, or failed."""
    texts = ("name", "flag", "worse", "failures", "fail")
    with worker(mill, tmp_path, slots="cpu*1"):
        found = [await run(mill, "private", text) for text in texts * 2]
        assert ran(tmp_path) == ["confide"] * 10
        assert not any(notes(one) for one in found)
        assert [one.flags for one in found if one.flags] == [["needs_review"]] * 2
        await run(mill, "private", "good")
        assert notes(await run(mill, "private", "good")), "the same step, otherwise"


async def test_what_cannot_be_used_is_made_again(mill: Mill, server: Server, tmp_path: Path) -> None:
    """Its blob has vanished, or holds half of it, or it is no such value; each time the new one is kept instead."""
    folder = tmp_path / "data" / "blobs" / "cache"
    with worker(mill, tmp_path, slots="cpu*1"):
        await run(mill, "reciting", "x")
        for spoilt in (None, b'"xxx'):
            spoil(next(folder.glob("*/value")), spoilt)
            assert recited(mill, await run(mill, "reciting", "x")) == RECITED
            while await tidy_cache(mill.transport, mill.blobs):
                pass
        (key,) = server.redis.keys("*:cache:*")
        server.redis.hset(key, "value", "17")
        assert (await run(mill, "reciting", "x")).status == "succeeded"
        server.redis.delete(key)
        assert (await run(mill, "reciting", "x")).status == "succeeded"
        assert ran(tmp_path) == ["recite"] * 5
        await run(mill, "reciting", "x")
    assert ran(tmp_path) == ["recite"] * 5


async def test_whoever_dies_while_it_keeps_leaves_nothing_behind(mill: Mill, server: Server, tmp_path: Path) -> None:
    with worker(mill, tmp_path, slots="cpu*1", failpoints="cache.copied=kill", lease="1"):
        document = await mill.submit("reciting", {"text": "x"})
        wait_until(lambda: ran(tmp_path).count("recite") >= 1, "it ran")
        wait_until(lambda: list((tmp_path / "data" / "blobs").glob("cache/*/value")), "its blob was written")
    with worker(mill, tmp_path, slots="cpu*1", lease="1"):
        assert recited(mill, await mill.wait(document, 60)) == RECITED
    gone = mill.calls.keys.named("cache-gone")
    for folder in server.redis.zrange(gone, 0, -1):
        server.redis.zincrby(gone, -3_600_001, folder)
    while await tidy_cache(mill.transport, mill.blobs):
        pass
    assert len(list((tmp_path / "data" / "blobs" / "cache").iterdir())) == 1, "that of the entry"


async def test_without_room_nothing_is_kept(mill: Mill, server: Server, tmp_path: Path) -> None:
    with worker(mill, tmp_path, slots="cpu*1", cache_size="0"):
        for _ in range(2):
            assert (await run(mill, "reciting", "x")).status == "succeeded"
    assert ran(tmp_path) == ["recite"] * 2
    assert server.redis.keys("*cache*") == []


async def test_a_full_server_keeps_nothing_and_still_gives(mill: Mill, server: Server, tmp_path: Path) -> None:
    with worker(mill, tmp_path, slots="llm*1"):
        await run(mill, "praising", "old")
        documents = [await mill.submit("praising", {"text": text}, delay=0.5) for text in ("new", "old")]
        server.redis.config_set("maxmemory", 1)
        try:
            found = [await mill.wait(document, 60) for document in documents]
        finally:
            server.redis.config_set("maxmemory", 0)
        assert [one.outputs["praise"] for one in found] == ["new!", "old!"]
        assert ran(tmp_path) == ["praise"] * 2
        await run(mill, "praising", "new")
    assert ran(tmp_path) == ["praise"] * 3
