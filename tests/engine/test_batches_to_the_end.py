"""Batches whose ends are crossed: sent again too late, deleted and begun anew, left half cancelled, purged around."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from orchestrator.batches.lines import BadLine
from orchestrator.blobs import Blobs
from orchestrator.client import Mill
from orchestrator.connection import Asynchronous
from orchestrator.duties import BOUND, Duties
from orchestrator.ids import member_id, new_id
from orchestrator.settings import Settings
from tests.conftest import MakeEngine
from tests.engine.test_batches import aggregate, calls, fill, opened, state
from tests.support.engine import Engine
from tests.support.flows import tallied
from tests.support.pipelines import chain


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """Of a pipeline and an aggregate."""
    return make_engine(chain, tallied)


@pytest.fixture
async def duties(settings: Settings, engine: Engine) -> AsyncGenerator[Duties]:
    """Not started: run by hand."""
    transport = Asynchronous(engine.server.url)
    yield Duties(transport, Blobs(settings.blobs))
    await transport.close()


def purge(engine: Engine, documents: list[str]) -> None:
    engine.transport.send(engine.duties.purge_mark(documents))
    engine.transport.send(engine.duties.purge_drop(documents))


def test_one_that_ended_takes_nothing_new_beside_what_it_had(engine: Engine) -> None:
    batch, slot = opened(engine), engine.slot()
    fill(engine, batch, 1)
    engine.transport.send(calls.close(batch))
    slot.work_off()
    both = [(member_id(batch, line), b'{"text":"a"}') for line in (1, 2)]
    again = engine.documents.submit(chain.id, both, tenant="acme", batch=batch)
    assert engine.transport.send(again) == ["closed", batch]
    assert state(engine, batch)["documents"] == "1" and not engine.head(both[1][0])
    once_more = engine.documents.submit(chain.id, both[:1], tenant="acme", batch=batch)
    assert engine.transport.send(once_more) == ["accepted", "repeated"]


def test_one_that_is_gone_is_not_begun_anew_while_its_aggregate_is_there(engine: Engine) -> None:
    batch, slot = opened(engine), engine.slot()
    fill(engine, batch, 1)
    engine.transport.send(calls.close(batch))
    slot.work_off()
    purge(engine, [batch])
    call = calls.open(batch, chain.id, priority=5, tenant="acme", aggregate=tallied.id, given="", retention=60)
    assert engine.transport.send(call) == "ended"
    assert not state(engine, batch) and aggregate(engine, batch)["status"] == "succeeded"


def test_what_was_marked_goes_though_its_batch_would_read_it(engine: Engine) -> None:
    batch = opened(engine)
    (document,) = fill(engine, batch, 1)
    engine.slot().work_off()
    assert engine.transport.send(engine.duties.purge_mark([document])) == [document]
    engine.shift("retention", 600_001)
    assert engine.transport.send(engine.duties.purge_take()) == [document], "whoever marked it has died"


def test_a_purged_document_leaves_no_deadline(engine: Engine) -> None:
    document = engine.submit(chain, text="a", deadline=86_400)
    engine.slot().work_off()
    assert engine.server.redis.zcard(engine.keys.named("deadlines")) == 1
    purge(engine, [document])
    assert engine.server.redis.zcard(engine.keys.named("deadlines")) == 0


def test_a_sweep_that_cancels_asks_for_another(engine: Engine) -> None:
    batch = opened(engine, aggregate=False)
    fill(engine, batch, 12)
    assert engine.transport.send(calls.cancel(batch, "no more", most=1)) == "again"
    sweeps = [engine.sweep().again for _ in range(4)]
    assert sweeps == [True, True, True, False]
    assert state(engine, batch)["state"] == "ended"


async def test_what_a_batch_needs_keeps_nothing_else_from_its_purge(engine: Engine, duties: Duties) -> None:
    batch, slot = opened(engine), engine.slot()
    fill(engine, batch, BOUND)
    slot.work_off()
    other = engine.submit(chain, text="a")
    slot.work_off()
    engine.shift("retention", 86_400_001)
    assert await duties.purge(), "more is due, though none of these could be taken"
    assert not await duties.purge()
    assert not engine.head(other) and engine.head(member_id(batch, 1))


async def test_what_is_refused_is_known_before_the_documents_beside_it(engine: Engine, mill: Mill) -> None:
    engine.submit(chain, text="a")
    await mill.bound_lane("cpu", most=1)
    batch, lines = new_id(), [{"text": "a"}, BadLine("no line"), {"text": "c"}]
    async with mill, asyncio.timeout(10), asyncio.TaskGroup() as tasks:
        submitting = tasks.create_task(mill.submit_batch("chain", lines, batch=batch))
        while state(engine, batch).get("refused") != "1":
            await asyncio.sleep(0.02)
        assert state(engine, batch)["documents"] == "0", "its lane is full; who dies now leaves no document uncounted"
        await mill.bound_lane("cpu", most=0)
    assert submitting.result().documents == 2
