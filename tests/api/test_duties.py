"""Duties: sweep and purge, run by every API process."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from orchestrator import failpoints
from orchestrator.blobs import Blobs
from orchestrator.connection import Asynchronous
from orchestrator.duties import BOUND, Duties
from orchestrator.ids import new_id
from orchestrator.settings import Settings
from tests.support.engine import Engine
from tests.support.pipelines import chain, moods
from tests.support.server import Server

DAY = 86_400_000
PAST_RETENTION = 2 * DAY
"""ms."""


async def soon(condition: Callable[[], bool]) -> None:
    """Until another process's state is so; there is no event to wait for."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.02)


@pytest.fixture
async def duties(settings: Settings, server: Server) -> AsyncGenerator[Duties]:
    """Not started: each is run by hand."""
    transport = Asynchronous(server.url)
    yield Duties(transport, Blobs(settings.blobs))
    await transport.close()


@pytest.fixture
def ended(engine: Engine, settings: Settings) -> tuple[str, Path]:
    """A document past its retention, and its folder of blobs."""
    document = engine.submit(chain, text="x")
    engine.slot().work_off()
    Blobs(settings.blobs).put(f"{document}/input/a", b"x")
    engine.shift("retention", PAST_RETENTION)
    return document, settings.data_dir / "blobs" / document


async def test_purge_takes_blobs_and_keys(duties: Duties, engine: Engine, ended: tuple[str, Path]) -> None:
    """Nothing of the document is left."""
    document, folder = ended
    assert await duties.purge() is False
    assert not folder.exists()
    assert not engine.server.redis.keys(f"*{document}*")


async def test_a_folder_without_a_document_goes_a_day_after_it_was_first_seen(
    duties: Duties, engine: Engine, settings: Settings
) -> None:
    """A submission may be under way; one process in an hour looks."""
    blobs = Blobs(settings.blobs)
    document, orphan, under_way = engine.submit(chain, text="x"), new_id(), new_id()
    for name in (document, orphan, under_way, "not-of-docmill!"):
        blobs.put(f"{name}/input/a", b"x")

    async def an_hour_later() -> set[str]:
        engine.server.redis.delete(engine.keys.named("turn:orphans"))
        await duties.orphans()
        return set(blobs.folders())

    assert await an_hour_later() == {document, orphan, under_way, "not-of-docmill!"}
    engine.shift("orphans", DAY)
    engine.submit(chain, document=under_way, text="x")
    await duties.orphans()
    assert orphan in blobs.folders(), "not its turn"
    assert await an_hour_later() == {document, under_way, "not-of-docmill!"}
    assert engine.server.redis.zcard(engine.keys.named("orphans")) == 0


@pytest.mark.parametrize("name", ["purge.taken", "purge.deleted"])
async def test_a_purge_cut_short_is_done_by_a_later_one(
    duties: Duties, engine: Engine, ended: tuple[str, Path], name: str
) -> None:
    """Whatever was done before, the keys go last: no blob is left without an owner."""
    document, folder = ended
    failpoints.arm(f"{name}=raise")
    with pytest.raises(RuntimeError):
        await duties.purge()
    failpoints.arm("")
    assert folder.exists() == (name == "purge.taken")
    assert engine.head(document)
    engine.shift("retention", PAST_RETENTION)
    await duties.purge()
    assert not folder.exists()
    assert not engine.head(document)


async def test_blobs_that_cannot_be_deleted_keep_their_document(
    duties: Duties, engine: Engine, ended: tuple[str, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A later purge tries again; the others go on."""
    document, _ = ended
    other = engine.submit(chain, text="y")
    engine.slot("w/1").work_off()
    engine.shift("retention", PAST_RETENTION)
    delete = Blobs.delete

    def refuse_one(blobs: Blobs, prefix: str) -> None:
        if prefix == document:
            raise PermissionError(13, "Permission denied")
        delete(blobs, prefix)

    monkeypatch.setattr(Blobs, "delete", refuse_one)
    await duties.purge()
    assert engine.head(document)
    assert not engine.head(other)


async def test_a_flood_is_swept_in_one_run(duties: Duties, engine: Engine) -> None:
    """Each call is bounded; a full one says so, and is repeated."""
    for n in range(BOUND + 1):
        engine.submit(moods, text=str(n), delay=60)
    engine.shift("delayed", 61_000)
    assert await duties.sweep() is True
    assert await duties.sweep() is False
    assert engine.server.redis.zcard(engine.keys.ready("cpu")) == BOUND + 1


async def test_duties_outlive_an_outage(own_server: Server, settings: Settings) -> None:
    """The server dies and comes back; the next due job is let in."""
    engine = Engine(own_server, moods)
    transport = Asynchronous(own_server.url, patience=0.1)
    duties = Duties(transport, Blobs(settings.blobs))
    duties.start()
    own_server.kill()
    await asyncio.sleep(1.5)
    own_server.start()
    document = engine.submit(moods, text="x", delay=0.05)
    await soon(lambda: engine.head(document)["moody.state"] == "ready")
    await duties.stop()
    await transport.close()
