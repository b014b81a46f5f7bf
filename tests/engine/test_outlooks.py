"""What is ahead of a document, and what its lane has before it: counted and costed on a real server."""

import pytest

from orchestrator.calls import MeasureCalls
from orchestrator.outlook.spans import Range
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, chained, shouting
from tests.support.whying import ask, ask_lanes, ask_step, measured, near, staff, take


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """Without a worker."""
    return make_engine(chain, chained, shouting)


@pytest.fixture
def staffed(engine: Engine) -> Engine:
    """With a worker that says that it has two slots and serves all; they are moved by hand."""
    return staff(engine)


async def test_a_queue_ahead_with_all_that_follows_of_it(staffed: Engine) -> None:
    for _ in range(10):
        staffed.submit(chain, text="x")
    document = staffed.submit(chain, text="x")
    staffed.submit(chain, text="later")
    measured(staffed, chain, one=3, two=1, three=1, four=1)
    take(staffed, 1)
    step = await ask_step(staffed, document, "one")
    assert (step.ahead, step.at_least, step.slots) == (9, False, 2)
    # Nine documents of 6 s, the rest of the tenth: 3 s, and half of its first; but for the free slot's head start.
    assert step.starts is not None and step.starts.low <= (9 * 6 + 3) / 2 <= step.starts.high
    assert step.basis == "9 jobs ahead (about 39 runs), 2 slots, 1.5 s a run in all that was measured (400 runs)"
    assert step.says.startswith("waits for its turn in lane cpu, 9 jobs before it, starts in ")
    why = await ask(staffed, document)
    assert why.ends is not None and why.ends.likely > step.starts.likely + 5
    assert "; the document ends in " in why.says


async def test_the_urgent_has_nothing_before_it(staffed: Engine) -> None:
    for _ in range(5):
        staffed.submit(chain, text="x")
    urgent = staffed.submit(chain, text="x", priority=9)
    measured(staffed, chain, one=1, two=1, three=1, four=1)
    assert (await ask_step(staffed, urgent, "one")).ahead == 0
    take(staffed, 1)
    assert (await ask_step(staffed, urgent, "one")).starts == Range(0, 0, 0)


async def test_what_follows_of_less_urgent_ones_is_not_ahead(staffed: Engine) -> None:
    """Both slots run one of those; the first that ends takes the urgent one."""
    for name in ("w/0", "w/1"):
        staffed.submit(chain, text="x", priority=0)
        staffed.slot(name).take()
    document = staffed.submit(chain, text="x")
    measured(staffed, chain, one=2, two=2, three=2, four=2)
    step = await ask_step(staffed, document, "one")
    assert step.starts is not None and step.starts.likely == pytest.approx(0.5)


async def test_what_nobody_knows_is_not_ahead(staffed: Engine) -> None:
    """It was set aside for workers that are gone."""
    other = staffed.submit(chain, text="x", priority=9)
    document = staffed.submit(chain, text="x")
    redis, keys = staffed.server.redis, staffed.keys
    redis.zrem(keys.ready("cpu"), f"{other}/one")
    redis.zadd(keys.ready("cpu:other@1"), {f"{other}/one": 1})
    redis.hset(keys.lane("cpu"), "classes", "other@1")
    assert (await ask_step(staffed, document, "one")).ahead == 0
    redis.hset(keys.worker("w"), "serves", f"{chain.id} other@1")
    assert (await ask_step(staffed, document, "one")).ahead == 1


@pytest.mark.parametrize(("items", "priority", "ahead"), [(50, 5, 4), (2, 5, 2), (50, 6, 50)])
async def test_a_fan_out_counts_by_the_items_that_come_before(
    staffed: Engine, items: int, priority: int, ahead: int
) -> None:
    """An item's place is its document's and its index: four documents later, four of them come before."""
    slot = staffed.slot("w/0")
    large = staffed.submit(shouting, text="x", priority=priority)
    slot.complete(slot.take(), [f"w{n}" for n in range(items)])
    assert staffed.head(large)["shout.items"] == str(items)
    for _ in range(3):
        staffed.submit(chain, text="x")
    document = staffed.submit(chain, text="x", lanes={"one": "gpu"})
    assert (await ask_step(staffed, document, "one")).ahead == ahead


async def test_many_are_looked_at_in_part(staffed: Engine) -> None:
    for _ in range(100):
        staffed.submit(chain, text="x")
    document = staffed.submit(chain, text="x")
    step = await ask_step(staffed, document, "one")
    assert (step.ahead, step.at_least) == (100, True)
    assert "at least 100 jobs before it" in step.says


async def test_the_last_minutes_count(staffed: Engine) -> None:
    """Two calls in one period make one copy; runs since then are told apart from those before."""
    calls = MeasureCalls(staffed.keys)
    measured(staffed, chain, one=1, two=1, three=1, four=1)
    assert [staffed.transport.send(calls.measure()) for _ in range(2)] == ["copied", "kept"]
    for number in range(3):
        if staffed.transport.send(calls.copied(number)):
            staffed.server.redis.hincrby(staffed.keys.named(f"stats:{number}"), "copied", -600_000)
    stats = staffed.keys.named("stats")
    staffed.server.redis.hincrby(stats, f"run:{chain.name}:one:8192", 60)
    staffed.server.redis.hincrby(stats, f"run:{chain.name}:one:sum", 360_000)
    staffed.submit(chain, text="x", lanes={"two": "gpu", "three": "gpu", "four": "gpu"})
    lane = (await ask_lanes(staffed))["cpu"]
    assert lane.basis == "1 job ready, 2 slots, 6 s a run over the last 10 min (60 runs)"
    assert lane.pace == pytest.approx(0.1, rel=0.02)
    assert lane.drains is not None and lane.drains.low <= 6 <= lane.drains.high
    staffed.transport.send(staffed.duties.pause("lane", "cpu"))
    assert (await ask_lanes(staffed))["cpu"].drains is None, "nobody knows when it is resumed"


async def test_slots_are_those_of_live_workers_that_serve_the_lane(staffed: Engine) -> None:
    for worker, facts in (("v", {"lanes": "gpu"}), ("u", {"lanes": "cpu gpu", "ended": "1"})):
        staffed.slot(f"{worker}/0")
        facts = facts | {"slots": "3", "renewed": str(10**14), "serves": chain.id}
        staffed.server.redis.hset(staffed.keys.worker(worker), mapping=facts)
    assert {name: lane.slots for name, lane in (await ask_lanes(staffed)).items()} == {"cpu": 2, "gpu": 5, "llm": 2}


async def test_lanes_by_priority_and_what_is_elsewhere(staffed: Engine) -> None:
    for priority in (9, 5, 5, 0):
        staffed.submit(chain, text="x", priority=priority)
    staffed.submit(chain, text="x", delay=60)
    staffed.submit(chain, text="x", lanes={"one": "llm"})
    staffed.transport.send(staffed.duties.pause("lane", "llm"))
    lanes = await ask_lanes(staffed)
    assert lanes["cpu"].by_priority == [1, 0, 0, 0, 2, 0, 0, 0, 0, 1]
    assert (lanes["cpu"].delayed, lanes["cpu"].held, lanes["cpu"].slots, lanes["cpu"].at_least) == (1, 0, 2, False)
    assert (lanes["llm"].paused, lanes["llm"].ready, lanes["llm"].drains) == (True, 1, None)
    assert lanes["cpu"].drains is None and "measured yet" in lanes["cpu"].basis
    assert lanes["gpu"].basis == ""


async def test_a_lane_s_own_rate_is_the_bound_where_it_is_slower(staffed: Engine) -> None:
    for _ in range(10):
        staffed.submit(chain, text="x", lanes={"one": "gpu"})
    document = staffed.submit(chain, text="x", lanes={"one": "gpu"})
    measured(staffed, chain, one=0.1, two=0.1, three=0.1, four=0.1)
    assert near((await ask_step(staffed, document, "one")).starts, 0.425)
    staffed.server.redis.hset(staffed.keys.lane("gpu"), mapping={"rate": "0.5", "burst": "2"})
    step = await ask_step(staffed, document, "one")
    assert step.starts == Range(18, 20, 22) and ", no more than 30 a minute" in step.basis
