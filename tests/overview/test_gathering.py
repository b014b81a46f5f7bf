"""What is gathered is true, and costs the same however much waits."""

from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrator.calls import MeasureCalls
from orchestrator.calls.overview import OverviewCalls
from orchestrator.client import Mill
from orchestrator.keys import Keys
from orchestrator.overview.gathering import Gathering
from orchestrator.overview.tracing import Tracing
from orchestrator.overview.views import Overview
from orchestrator.settings import Settings
from orchestrator.settings.watching import targets_in
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, shouting
from tests.support.server import Server


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """What a worker would do, by hand."""
    return make_engine(chain, shouting)


async def commands(server: Server, mill: Mill) -> tuple[Overview, int]:
    """One look, everything of it read, and what it took of Redis."""
    before = server.redis.info("stats")["total_commands_processed"]
    seen = await Gathering(mill).look()
    return seen, server.redis.info("stats")["total_commands_processed"] - before


async def test_a_look_costs_the_same_whatever_waits(server: Server, engine: Engine, mill: Mill) -> None:
    """Twenty or two thousand: promise 13 holds for those who look, too."""
    for _ in range(40):
        engine.submit(chain, text="a")
    _, few = await commands(server, mill)
    for _ in range(2000):
        engine.submit(chain, text="a")
    seen, many = await commands(server, mill)
    assert seen.lanes[0].ready == 2040
    assert many <= few * 1.1, (few, many)
    await mill.close()


async def test_what_waits_and_what_runs(engine: Engine, mill: Mill) -> None:
    """By priority; the oldest since it was ready; leases with their end."""
    first = engine.submit(chain, text="a", priority=9)
    oldest = engine.submit(chain, text="a")
    engine.submit(chain, text="a", priority=2)
    engine.age(oldest, "one", 90)
    slot = engine.slot("w/0", ("cpu",))
    slot.take()
    seen = await Gathering(mill).look()
    (lane,) = seen.lanes
    assert (lane.by_priority, lane.running) == ([0, 1, 1], 0)
    assert lane.longest is not None and (lane.longest.document, int(lane.longest.seconds)) == (oldest, 90)
    (flight,) = seen.flights.rows
    assert (flight.document, flight.step, flight.slot, flight.attempt, flight.stuck) == (first, "one", "w/0", 1, "")
    engine.shift("leases", 12_000)
    (flight,) = (await Gathering(mill).look()).flights.rows
    assert flight.stuck.startswith("not renewed for 1")
    await mill.close()


async def test_the_lines_of_minutes_are_one_a_minute_and_bounded(engine: Engine, server: Server) -> None:
    """However many processes keep them; two that come in the same minute keep one line."""
    calls, name = MeasureCalls(Keys()), "docmill:{s0}:minutes"
    for count in (1, 2):
        engine.transport.send(calls.measure(totals={"submitted": count}))
    (told,) = engine.transport.send(OverviewCalls(Keys()).minutes())
    assert told["submitted"] == 1
    for minute in range(100):
        server.redis.delete(name) if not minute else None
        server.redis.xadd(name, {"at": minute}, id=f"{minute + 1}-0")
    engine.transport.send(calls.measure(totals={"submitted": 3}))
    assert server.redis.xlen(name) == 61


async def test_items_are_traced_once_they_are_done(engine: Engine, mill: Mill) -> None:
    """When each began and ended; those that are done are read once, and are gone with their document."""
    document = engine.submit(shouting, text="a b c")
    slot = engine.slot("w/0", ("gpu", "cpu"))
    slot.complete(slot.take(), ["a", "b", "c"])
    slot.complete(slot.take(), "A")
    tracing = Tracing(mill, document)
    slot.take()
    fan = (await tracing.look()).fans["shout"]
    assert [(run.index, run.word) for run in [*fan.ran, *fan.others]] == [(0, "done"), (1, "leased")]
    assert all(run.ended is not None and run.ended >= run.started for run in fan.ran)
    engine.transport.send(engine.documents.cancel([document], ""))
    assert engine.server.redis.ttl(f"docmill:{{s0}}:doc:{document}:shout:ran") > 0, "it goes with its document"
    await mill.close()


@pytest.mark.parametrize("wrong", ["gpu", "gpu=x", "gpu=-1"])
def test_targets_are_checked(wrong: str) -> None:
    with pytest.raises(ValueError, match="gpu=300"):
        targets_in(wrong)


def test_targets_by_lane(settings: Settings, tmp_path: Path) -> None:
    made: Callable[..., Settings] = Settings
    found = made(data_dir=tmp_path, wait_target=5, wait_targets="gpu=300, llm=30")
    assert [found.wait_target_of(lane) for lane in ("gpu", "llm", "cpu")] == [300, 30, 5]
    assert settings.wait_target_of("gpu") == 60
