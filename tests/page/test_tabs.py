"""A hundred who look cost Redis what one costs; nobody costs nothing, and who hides the page is nobody."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack

import httpx
from playwright.sync_api import Page, expect

from tests.page.serving import Api
from tests.page.test_accessible import furnish
from tests.support.engine import Engine
from tests.support.server import Server
from tests.support.workers import wait_until

WINDOW = 5.0
"""Seconds over which commands are counted: the least that evens out what is read every five."""


def commands(server: Server) -> int:
    """So many did the server do since it started."""
    return server.redis.info("stats")["total_commands_processed"]


def blocked_on_looks(server: Server) -> int:
    """Calls of what only the page's looks read."""
    return server.redis.info("commandstats").get("cmdstat_xrange", {"calls": 0})["calls"]


async def _follow(address: str, tabs: int, server: Server) -> float:
    """Commands a second while so many tabs follow the page, each of which gets its first picture."""
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=address, limits=limits, timeout=30) as client, AsyncExitStack() as stack:
        answers = [await stack.enter_async_context(client.stream("GET", "/live")) for _ in range(tabs)]
        readers = [asyncio.create_task(_read(answer)) for answer in answers]
        await asyncio.sleep(1.5)
        before = commands(server)
        await asyncio.sleep(WINDOW)
        told = (commands(server) - before) / WINDOW
        got = [reader.result() if reader.done() else None for reader in readers]
        assert got == [None] * tabs, "a stream ended"
        for reader in readers:
            reader.cancel()
        counts = await asyncio.gather(*readers, return_exceptions=True)
        assert len(counts) == tabs
        assert min(_heard) >= 3, "everybody was told several times"
    return told


def _measure(api: Api, tabs: int, server: Server) -> float:
    """In a thread of its own: Playwright's loop has this one."""
    _heard.clear()
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(_follow(api.address, tabs, server))).result()


_heard: list[int] = []


async def _read(answer: httpx.Response) -> None:
    _heard.append(0)
    mine = len(_heard) - 1
    async for line in answer.aiter_lines():
        _heard[mine] += line.startswith("data: <hx-partial")


def test_a_hundred_tabs_cost_redis_what_one_costs(api: Api, server: Server, engine: Engine) -> None:
    """Counted by Redis itself."""
    furnish(engine)
    one = _measure(api, 1, server)
    many = _measure(api, 100, server)
    print(f"commands a second: one tab {one:.0f}, a hundred {many:.0f}")
    assert many < 1.25 * one, (one, many)


def test_nobody_looks_nothing_is_read(api: Api, server: Server, engine: Engine, page: Page) -> None:
    """A page in a tab that is not shown lets its stream go, and takes it up when it is."""
    furnish(engine)
    page.goto(api.address)
    expect(page.locator("#state")).to_have_text("Live")
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    looks = [blocked_on_looks(server)]

    def rests() -> bool:
        looks.append(blocked_on_looks(server))
        return looks[-1] == looks[max(0, len(looks) - 200)] and len(looks) > 200

    wait_until(rests, "nothing is read any more")
    page.evaluate("Object.defineProperty(document, 'hidden', { value: false, configurable: true })")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    wait_until(lambda: blocked_on_looks(server) > looks[-1] + 1, "it goes on")
    expect(page.locator("#state")).to_have_text("Live")
