"""Waiting is told by the document's channel; Redis is not asked meanwhile."""

import asyncio
from collections import Counter

from orchestrator import AsyncClient, Client
from orchestrator.settings import Settings
from tests.client.test_events import commands
from tests.support.server import Server


async def test_nothing_at_all_is_asked_while_it_is_waited_for(own_server: Server, settings: Settings) -> None:
    async with AsyncClient(own_server.url, settings=settings) as client:
        document = await client.submit("waiting", text="a")
        waits = asyncio.create_task(client.wait(document))
        await _until_heard(own_server, document)
        before = commands(own_server)
        await asyncio.sleep(0.5)
        assert commands(own_server) == before + Counter({"info": 1})
        await client.cancel(document)
        assert (await asyncio.wait_for(waits, 2)).status == "cancelled"


async def _until_heard(server: Server, document: str) -> None:
    """Until somebody listens to that document, and has looked once."""
    channel = f"docmill:{{s0}}:doc:{document}"
    async with asyncio.timeout(10):
        while not server.redis.execute_command("PUBSUB", "SHARDNUMSUB", channel)[1]:
            await asyncio.sleep(0.01)
    await asyncio.sleep(0.1)


async def test_many_are_waited_for_at_once(async_client: AsyncClient) -> None:
    ids = await asyncio.gather(*(async_client.submit("counting", text="a") for _ in range(200)))
    found = await asyncio.gather(*(async_client.wait(document, timeout=30) for document in ids))
    assert [document.id for document in found] == ids
    assert {document.status for document in found} == {"succeeded"}


def test_a_blocking_wait_ends_when_it_is_told(client: Client) -> None:
    document = client.submit("counting", text="slow")
    assert client.wait(document, timeout=20).status == "succeeded"
