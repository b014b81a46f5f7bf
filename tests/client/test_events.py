"""What happens to a document is told as it happens, whole, and once."""

import asyncio
from collections import Counter
from typing import Any

import pytest

from orchestrator import AsyncClient, Client
from orchestrator.clients import Event
from orchestrator.errors import UsageError
from orchestrator.settings import Settings
from tests.client.conftest import Both
from tests.support.server import Server


def told(events: list[Event]) -> list[str]:
    """In short."""
    return [" ".join(filter(None, (event.step, event.state or event.text))) for event in events]


async def test_the_whole_story_of_a_document(both: Both) -> None:
    document = await both.submit("counting", text="a")
    events = await both.events(document, timeout=20)
    assert told(events) == [
        "queued", "first ready", "running", "first leased", "first done", "second ready", "second leased", "second done",
        "succeeded",
    ]  # fmt: skip
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert [event.attempt for event in events if event.kind == "step"] == [0, 1, 1, 0, 1, 1]
    assert len({event.id for event in events}) == len(events)


async def test_one_that_ended_badly_says_why(both: Both) -> None:
    document = await both.submit("counting", text="fail")
    *_, log, last = await both.events(document, timeout=20)
    assert (log.kind, log.step, log.text) == ("log", "second", "fatal: Fatal: no such luck")
    assert (last.state, last.text) == ("failed", "second: no such luck")


async def test_it_goes_on_after_the_last_event_that_was_seen(both: Both) -> None:
    document = await both.submit("counting", text="slow")
    events = await both.events(document, timeout=20)
    leased = next(event for event in events if event.state == "leased")
    rest = await both.events(document, after=leased.id, timeout=20)
    assert told(rest)[-4:] == ["second ready", "second leased", "second done", "succeeded"]
    assert leased not in rest
    assert all(event.at >= leased.at for event in rest)
    with pytest.raises(UsageError, match="is no event's id"):
        await both.events(document, after="yesterday")


async def test_it_is_told_while_it_happens(async_client: AsyncClient) -> None:
    document = await async_client.submit("counting", text="slow")
    seen: dict[str, str] = {}
    async for event in async_client.events(document, timeout=20):
        seen[f"{event.step} {event.state}"] = (await async_client.get(document)).status
    assert (seen["first leased"], seen[" succeeded"]) == ("running", "succeeded")


async def test_progress_of_a_fan_out_ends_at_its_size(client: Client) -> None:
    document = client.submit("shouting", text="one two three", lanes={"shout": "cpu"})
    events = [*client.events(document, timeout=20)]
    assert {"split done", "shout done", "join done", "succeeded"} <= set(told(events))
    assert [event.total for event in events if event.kind == "progress"] in ([], [3], [3, 3], [3, 3, 3], [3, 3, 3, 3])


async def test_a_follower_sleeps_while_nothing_happens(own_server: Server, settings: Settings) -> None:
    """It has asked for the transitions once, and the server answers when there is one."""
    async with AsyncClient(own_server.url, settings=settings) as client:
        document = await client.submit("waiting", text="a")
        seen: list[Event] = []
        waits = asyncio.create_task(_all(client, document, seen))
        await _until_blocked(own_server, seen)
        before = commands(own_server)
        await asyncio.sleep(0.5)
        assert commands(own_server) == before + Counter({"info": 1})
        await client.cancel(document)
        await waits
        assert [event.state for event in seen if event.kind == "status"] == ["queued", "cancelled"]


async def _all(client: AsyncClient, document: str, seen: list[Event]) -> None:
    async for event in client.events(document, timeout=20):
        seen.append(event)


async def _until_blocked(server: Server, seen: list[Event]) -> None:
    async with asyncio.timeout(10):
        while not seen or not server.redis.info("clients")["blocked_clients"]:
            await asyncio.sleep(0.01)


def commands(server: Server) -> Counter[str]:
    """How often each command was called so far."""
    stats: dict[str, Any] = server.redis.info("commandstats")
    return Counter({name.removeprefix("cmdstat_"): figures["calls"] for name, figures in stats.items()})
