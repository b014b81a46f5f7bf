"""A batch is waited for, looked at and cancelled; two thousand documents take no time worth speaking of."""

import asyncio
import time
from threading import Thread

import pytest

from orchestrator.batches import batching
from orchestrator.client import Mill
from orchestrator.errors import NotFound
from orchestrator.ids import new_id
from tests.batches.conftest import Act, all_outcomes
from tests.batches.test_submitting import texts
from worker.testing import TestMill


def test_its_end_is_told_not_asked_for(mill: TestMill, act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batching, "LOOK_AGAIN", 60.0)
    looks: list[str] = []
    read = Mill.batch

    async def counted(client: Mill, batch: str) -> object:
        looks.append(batch)
        return await read(client, batch)

    batch = act(lambda c: c.submit_batch("obeying", texts(3)))
    monkeypatch.setattr(Mill, "batch", counted)

    async def wait(client: Mill) -> tuple[bool, float]:
        waiter = asyncio.create_task(client.wait_batch(batch.id, 30))
        while not looks:
            await asyncio.sleep(0)
        runner = Thread(target=mill.run_until_idle)
        runner.start()
        await asyncio.to_thread(runner.join)
        ended = time.monotonic()
        return (await waiter).is_final, time.monotonic() - ended

    is_final, late = act(wait)
    assert is_final and late < 1
    assert len(looks) <= 3, "at first, once it listens, and at the end"


def test_it_is_given_up_after_the_time_asked_for(act: Act) -> None:
    batch = act(lambda c: c.submit_batch("obeying", texts(1)))
    assert not act(lambda c: c.wait_batch(batch.id, 0.05)).is_final
    with pytest.raises(NotFound):
        act(lambda c: c.wait_batch(new_id(), 1))


def test_cancelled_its_aggregate_is_told(mill: TestMill, act: Act) -> None:
    batch = act(lambda c: c.submit_batch("obeying", texts(30), aggregate="telling"))
    for _ in range(3):
        mill.run_one()
    ended = act(lambda c: c.cancel_batch(batch.id, "a mistake"))
    assert (ended.state, ended.succeeded, ended.cancelled, ended.cancelling) == ("ended", 3, 27, "a mistake")
    assert mill.run_until_idle() == [f"{batch.aggregate}/tell"]
    told = mill.result(batch.aggregate or "")
    assert [one["status"] for one in told] == ["succeeded"] * 3 + ["cancelled"] * 27
    assert told[5]["error"] == "a mistake"
    assert act(lambda c: c.cancel_batch(batch.id)).cancelling == "a mistake"
    with pytest.raises(NotFound):
        act(lambda c: c.cancel_batch(new_id()))


def test_when_it_may_end_is_a_range_with_its_basis(mill: TestMill, act: Act) -> None:
    batch = act(lambda c: c.submit_batch("obeying", texts(40)))
    assert (batch.eta, batch.eta_basis) == (None, None)
    for _ in range(20):
        mill.run_one()
    mill.shift(60)
    found = act(lambda c: c.batch(batch.id))
    assert found.eta is not None and found.eta[0] < 60 < found.eta[1]
    assert found.eta_basis == "20 of 40 ended within 60 s"
    mill.run_until_idle()
    assert act(lambda c: c.batch(batch.id)).eta is None


def test_the_newest_come_first(act: Act) -> None:
    names = ["one", "two", "three"]
    for name in names:
        act(lambda c, name=name: c.submit_batch("obeying", texts(1), name=name))
    assert [batch.name for batch in act(lambda c: c.batches(2))] == ["three", "two"]


def test_two_thousand(mill: TestMill, act: Act) -> None:
    began = time.monotonic()
    batch = act(lambda c: c.submit_batch("obeying", texts(2000), aggregate="telling", given={"limit": 2}))
    brought_in = time.monotonic() - began
    mill.run_until_idle()
    began = time.monotonic()
    found = act(lambda c: all_outcomes(c, batch.id))
    read = time.monotonic() - began
    assert [outcome.output for outcome in found] == [f"{number}" for number in range(2000)]
    assert len(mill.result(batch.aggregate or "")) == 2
    assert brought_in < 3 and read < 3, (brought_in, read)
    print(f"2,000 documents: brought in within {brought_in:.2f} s, outcomes read within {read:.2f} s")
