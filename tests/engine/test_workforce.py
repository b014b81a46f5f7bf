"""Who works at what, as it is read from records: of a supervisor that tells all, of one that tells little, real ones."""

import json
from pathlib import Path
from typing import Any

import pytest

from orchestrator.client import Mill
from orchestrator.workforce import Workforce, read_workforce
from tests.conftest import PIPELINES, MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, moods, shouting
from tests.support.workers import running_worker, wait_until

CARD = {"index": 0, "uuid": "GPU-1", "name": "H200", "total": 150_000_000_000, "free": 50_000_000_000}


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """What workers would do, by hand."""
    return make_engine(chain, moods, shouting)


async def read(mill: Mill) -> Workforce:
    """Read it over a connection of this loop's own."""
    async with mill:
        return await read_workforce(mill.transport, 30.0)


def now(engine: Engine) -> float:
    """The server's clock, seconds."""
    return engine.transport.send(engine.documents.time())


def tell(engine: Engine, worker: str = "w", **facts: Any) -> None:
    """Write facts into a worker's record, as its supervisor does; what is no text is JSON."""
    texts = {name.replace("__", "."): v if isinstance(v, str) else json.dumps(v) for name, v in facts.items()}
    engine.server.redis.hset(engine.keys.worker(worker), mapping=texts)


async def test_nothing_ever_ran(engine: Engine, mill: Mill) -> None:
    found = await read(mill)
    assert (found.workers, found.lanes) == ([], [])


async def test_all_that_a_supervisor_tells(engine: Engine, mill: Mill) -> None:
    engine.slot("w/0")
    time = now(engine)
    model = {"name": "paddleocr", "bytes": 400_000_000, "pinned": True, "last_used": time - 3, "loads": 2}
    slot = {"lanes": ["gpu"], "state": "ready", "pid": 4711, "since": time - 60, "rss": 10**9, "jobs": 7, "deaths": 1}
    tell(engine, host="node1", pid="4700", started=str(int(time)), lanes="gpu cpu", standby="1", cards=[CARD])
    tell(engine, slot__0=slot | {"card": "GPU-1", "models": [model]}, slot__10={"state": "starting"}, slot__2={})
    (worker,) = (await read(mill)).workers
    assert (worker.id, worker.state, worker.host, worker.pid, worker.standby) == ("w", "alive", "node1", 4700, 1)
    assert [card.name for card in worker.cards] == ["H200"]
    first, second, third = worker.slots
    assert [slot.name for slot in worker.slots] == ["w/0", "w/2", "w/10"]
    assert (first.lanes, first.state, first.pid, first.rss) == (["gpu"], "ready", 4711, 10**9)
    assert (first.claims, first.deaths, first.card) == (7, 1, "GPU-1")
    assert first.up == pytest.approx(60, abs=5) and first.models[0].idle == pytest.approx(3, abs=5)
    assert (first.models[0].name, first.models[0].pinned, first.models[0].loads) == ("paddleocr", True, 2)
    assert (second.state, third.state) == ("starting", "starting")


async def test_a_job_with_its_age_its_limit_and_its_lane(engine: Engine, mill: Mill) -> None:
    document = engine.submit(chain, text="x", lanes={"one": "gpu"})
    slot = engine.slot("w/0", ("gpu",))
    slot.take()
    plan = engine.keys.plan(chain.id)
    engine.server.redis.hset(plan, "hard:one", 5000)
    tell(engine, slots="1", lanes="gpu")
    found = await read(mill)
    (job,) = found.workers[0].slots[0].jobs
    assert (job.job, job.document, job.step) == (f"{document}/one", document, "one")
    assert (job.limit, job.lane) == (5.0, "gpu")
    assert 0 <= job.age < 5
    assert {lane.name: lane.running for lane in found.lanes} == {"gpu": 1}
    engine.server.redis.hdel(plan, "hard:one")
    assert (await read(Mill(engine.server.url, mill.settings))).workers[0].slots[0].jobs[0].limit is None


async def test_several_jobs_of_one_slot_and_items(engine: Engine, mill: Mill) -> None:
    engine.submit(shouting, text="a b")
    slot = engine.slot("w/0", ("gpu", "cpu"))
    slot.complete(slot.take(), ["a", "b"])
    slot.claim(2)
    tell(engine, slots="1")
    jobs = (await read(mill)).workers[0].slots[0].jobs
    assert [job.step for job in jobs] == ["shout[0]", "shout[1]"]
    assert {job.lane for job in jobs} == {"gpu"}
    assert {job.limit for job in jobs} == {600.0}


@pytest.mark.parametrize(
    ("facts", "silent_for", "state"),
    [({}, 0, "alive"), ({"drain": "1"}, 0, "draining"), ({}, 6, "silent"), ({"ended": "1"}, 6, "ended")],
)
async def test_alive_silent_or_ended(
    engine: Engine, mill: Mill, facts: dict[str, str], silent_for: int, state: str
) -> None:
    tell(engine, lanes="cpu", renewed=str(int((now(engine) - silent_for) * 1000)), **facts)
    engine.server.redis.zadd(engine.keys.named("workers"), {"w": 1})
    found = await read(mill)
    assert [worker.state for worker in found.workers] == [state]
    assert found.workers[0].silent == pytest.approx(silent_for, abs=2)
    assert [worker.id for worker in found.present] == ([] if state == "ended" else ["w"])
    assert [lane.name for lane in found.lanes if lane.served] == (["cpu"] if state == "alive" else [])


@pytest.mark.parametrize("odd", ["[]", "nonsense", '{"rss": "many"}', '{"models": [{}], "since": null}'])
async def test_what_another_version_tells_is_no_fault(engine: Engine, mill: Mill, odd: str) -> None:
    engine.slot("w/0")
    tell(engine, slot__0=odd, cards=odd, pid=odd, slots=odd, standby=odd)
    (worker,) = (await read(mill)).workers
    assert [(slot.name, slot.state, slot.rss) for slot in worker.slots] == [("w/0", "ready", None)]
    assert (worker.pid, worker.cards, worker.standby) == (None, [], 0)


async def test_a_slot_that_is_gone_is_no_slot(engine: Engine, mill: Mill) -> None:
    engine.slot("w/0")
    tell(engine, slots="2", slot__0={}, slot__1="")
    assert [slot.name for slot in (await read(mill)).workers[0].slots] == ["w/0"]


async def test_a_worker_whose_record_is_gone(engine: Engine, mill: Mill) -> None:
    engine.server.redis.zadd(engine.keys.named("workers"), {"w": 1})
    (worker,) = (await read(mill)).workers
    assert (worker.state, worker.slots, worker.host) == ("silent", [], "")


async def test_lanes_with_their_classes_and_how_long_they_wait(engine: Engine, mill: Mill) -> None:
    first, second = engine.submit(chain, text="x"), engine.submit(moods, text="x", priority=9)
    redis, keys = engine.server.redis, engine.keys
    redis.hincrby(keys.doc(first), "one.ready", -60_000)
    redis.zrem(keys.ready("cpu"), f"{first}/one")
    redis.zadd(keys.ready("cpu:model=m"), {f"{first}/one": 1})
    redis.hset(keys.lane("cpu"), mapping={"classes": "model=m"})
    (lane,) = (await read(mill)).lanes
    assert (lane.name, lane.ready, lane.running, lane.served, lane.paused) == ("cpu", 2, 0, False, False)
    assert lane.waited == pytest.approx(60, abs=5), "of the two heads, the one that waits longer"
    assert redis.zrange(keys.ready("cpu"), 0, -1) == [f"{second}/moody"]


async def test_a_lane_that_is_paused_or_rests(engine: Engine, mill: Mill) -> None:
    engine.submit(chain, text="x")
    until = int((now(engine) + 2) * 1000)
    engine.server.redis.hset(engine.keys.lane("cpu"), mapping={"paused": "1", "resting": str(until)})
    (lane,) = (await read(mill)).lanes
    assert lane.paused and lane.resting == pytest.approx(2, abs=2)


async def test_the_round_trips_are_bounded(engine: Engine, mill: Mill, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(20):
        engine.submit(moods, text="x")
        engine.slot(f"w{n}/0").take()
        engine.submit(chain, text="x", lanes={"one": "gpu"})
        tell(engine, f"w{n}", slots="1")
    trips: list[int] = []
    send_all = mill.transport.send_all

    async def counted(calls: Any) -> list[Any]:
        trips.append(len(calls))
        return await send_all(calls)

    monkeypatch.setattr(mill.transport, "send_all", counted)
    found = await read(mill)
    assert sum(len(slot.jobs) for worker in found.workers for slot in worker.slots) == 20
    assert len(trips) <= 6


async def test_a_real_worker(engine: Engine, mill: Mill, tmp_path: Path) -> None:
    document = engine.submit(moods, text="sleep:30")
    with running_worker(engine.server.url, tmp_path, pipelines=",".join(PIPELINES), slots="cpu*2", lease="2") as worker:
        wait_until(lambda: engine.head(document)["moody.state"] == "leased", "the step runs")
        found = await read(mill)
        (seen,) = found.present
        assert (seen.state, seen.pid, len(seen.slots)) == ("alive", worker.process.pid, 2)
        (job,) = [job for slot in seen.slots for job in slot.jobs]
        assert (job.document, job.step, job.lane, job.limit) == (document, "moody", "cpu", 600.0)
        assert [(lane.name, lane.running, lane.served) for lane in found.lanes] == [("cpu", 1, True)]
