"""Schedules as people add, change, pause and remove them."""

from collections.abc import AsyncGenerator
from typing import Any

import msgspec
import pytest

from orchestrator.calls.schedules import ScheduleCalls
from orchestrator.client import Mill
from orchestrator.errors import NotFound, UsageError
from orchestrator.registry import Registry
from orchestrator.schedules import Schedule
from orchestrator.settings import Settings
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain
from tests.support.scheduled import HOUR, HOURLY, due, filing, kept, put_off
from tests.support.server import Server


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """The scripts."""
    return make_engine()


@pytest.fixture
async def mill(server: Server, settings: Settings) -> AsyncGenerator[Mill]:
    """A client that knows a pipeline that takes a file, and one that does not."""
    async with Mill(server.url, settings, Registry([chain, filing])) as made:
        yield made


async def test_a_definition_is_added_changed_and_removed(engine: Engine, mill: Mill) -> None:
    """The same again changes nothing, another needs to be asked for, and its history stays."""
    assert await mill.add_schedule(HOURLY) == "added"
    tick = put_off(engine, "hourly", HOUR)
    assert await mill.add_schedule(HOURLY) == "same"
    assert due(engine) == tick
    other = Schedule("hourly", "5 * * * *", "chain", {"text": "b"})
    with pytest.raises(UsageError, match="another schedule 'hourly'"):
        await mill.add_schedule(other)
    await mill.run_schedule("hourly")
    await mill.pause_schedule("hourly")
    assert await mill.add_schedule(other, replace=True) == "changed"
    shown = await mill.schedule("hourly")
    assert (shown.schedule, shown.ran, shown.next_at) == (other, 1, None)
    await mill.resume_schedule("hourly")
    assert due(engine) % HOUR == 300
    again = due(engine)
    engine.transport.send(ScheduleCalls(engine.keys).resume("hourly", again - HOUR))
    assert due(engine) == again, "a call sent again does not bring a tick back"
    assert [one.schedule.name for one in await mill.schedules()] == ["hourly"]
    engine.transport.send(ScheduleCalls(engine.keys).remove("hourly", "0"))
    assert kept(engine), "one added later is not removed"
    await mill.remove_schedule("hourly")
    assert not engine.server.redis.keys("*schedule*")
    for act in (mill.schedule, mill.remove_schedule, mill.pause_schedule, mill.resume_schedule, mill.run_schedule):
        with pytest.raises(NotFound, match="no schedule 'hourly'"):
            await act("hourly")


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"name": "a b"}, "a name has letters"),
        ({"cron": "daily"}, "wrong number of fields"),
        ({"zone": "Berlin"}, "no time zone 'Berlin'"),
        ({"pipeline": "nothing"}, "no pipeline 'nothing'"),
        ({"pipeline": "filing"}, "a schedule submits parameters only"),
        ({"parameters": {"text": 1}}, "parameter 'text'"),
        ({"parameters": {"text": "x" * 70_000}}, "store them elsewhere"),
        ({"lanes": {"five": "cpu"}}, "no step 'five'"),
        ({"priority": 10}, "priority 10"),
        ({"deadline": -1.0}, "deadline -1"),
        ({"catch_up": "some"}, "one of latest, all, none"),
        ({"overlap": "never"}, "one of allow, skip"),
        ({"tenant": "a b"}, "tenant"),
    ],
)
async def test_what_could_never_run_is_refused(mill: Mill, changed: dict[str, Any], told: str) -> None:
    fields = {"name": "x", "cron": "0 0 * * *", "pipeline": "chain", "parameters": {"text": "a"}} | changed
    with pytest.raises(UsageError, match=told):
        await mill.add_schedule(msgspec.convert(fields, Schedule))
