"""Redis down, frozen, full: a clear answer within two seconds, and recovery by itself."""

import asyncio
import os
import signal
import time
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from orchestrator.access import keeping
from orchestrator.settings import Settings
from tests.api.conftest import PIPELINES, Connect
from tests.api.streams import short, told
from tests.support.engine import Engine
from tests.support.pipelines import chain
from tests.support.server import Server

SUBMISSION = {"pipeline": "chain", "text": "x"}
SOON = 2.0
"""Seconds."""


@pytest.fixture
async def frail(own_server: Server, tmp_path: Path, connect: Connect) -> httpx.AsyncClient:
    """A client of an application whose server the test may kill."""
    settings = Settings(redis_url=own_server.url, data_dir=tmp_path / "data", pipelines=PIPELINES)
    return await connect(create_app(settings))


async def unavailable(client: httpx.AsyncClient, kind: str = "redis-unreachable") -> None:
    """Every kind of request is refused in time and in form."""
    document = "/v1/documents/0-000000000000000000"
    upload = client.post("/v1/documents", data={"pipeline": "filed"}, files={"file": ("a", b"x")})
    reads = [client.get(address) for address in (document, f"{document}?wait=30", f"{document}/result")]
    began = time.monotonic()
    submit, index = client.post("/v1/documents", json=SUBMISSION), client.get("/v1/documents")
    metrics, *answers = await asyncio.gather(client.get("/metrics"), submit, upload, index, *reads)
    assert time.monotonic() - began < SOON
    for answer in answers:
        assert (answer.status_code, answer.json()["type"]) == (503, f"/problems/{kind}")
        assert answer.headers["content-type"] == "application/problem+json"
        assert int(answer.headers["retry-after"]) > 0
    assert (await client.get("/healthz")).status_code == 200
    assert metrics.status_code == 200 and "docmill_redis_errors_total" in metrics.text
    assert "docmill_lane_ready" not in metrics.text, "what nobody knows now is not told"


async def test_a_dead_server(frail: httpx.AsyncClient, own_server: Server) -> None:
    """503 while it is dead; once it is back all goes on, with what was accepted before."""
    document = (await frail.post("/v1/documents", json=SUBMISSION)).json()["id"]
    own_server.kill()
    await unavailable(frail)
    own_server.start()
    assert (await frail.get(f"/v1/documents/{document}")).json()["status"] == "queued"
    assert (await frail.post("/v1/documents", json=SUBMISSION)).status_code == 202


async def test_a_scrape_outlives_what_is_remembered_of_keys(
    frail: httpx.AsyncClient, own_server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However long the outage: who might scrape before may; nothing else is let in on what was known once."""
    monkeypatch.setattr(keeping, "FRESH", 0.0)
    assert (await frail.get("/metrics")).status_code == 200
    own_server.kill()
    assert (await frail.get("/metrics")).status_code == 200
    assert (await frail.get("/v1/documents")).json()["type"] == "/problems/redis-unreachable"


async def test_a_frozen_server(frail: httpx.AsyncClient, own_server: Server) -> None:
    """It takes connections and says nothing: nobody hangs."""
    assert (await frail.post("/v1/documents", json=SUBMISSION)).status_code == 202
    process = own_server.redis.info("server")["process_id"]
    os.kill(process, signal.SIGSTOP)
    try:
        await unavailable(frail)
    finally:
        os.kill(process, signal.SIGCONT)
    assert (await frail.post("/v1/documents", json=SUBMISSION)).status_code == 202


async def test_a_waiter_outlives_a_restart(frail: httpx.AsyncClient, own_server: Server) -> None:
    """It hears of the document's end on the new connection."""
    engine = Engine(own_server, chain)
    document = engine.submit(chain, text="x")
    waiting = asyncio.create_task(frail.get(f"/v1/documents/{document}?wait=20"))
    await asyncio.sleep(0.3)
    own_server.kill()
    own_server.start()
    await asyncio.sleep(0.5)
    await asyncio.to_thread(engine.slot().work_off)
    answer = await waiting
    assert (answer.status_code, answer.json()["status"]) == (200, "succeeded")


async def test_a_full_server(frail: httpx.AsyncClient, own_server: Server) -> None:
    """Submissions are refused, what was accepted still drains and is read; then there is room again."""
    engine = Engine(own_server, chain)
    document = (await frail.post("/v1/documents", json=SUBMISSION)).json()["id"]
    own_server.redis.config_set("maxmemory", "1mb")
    answer = await frail.post("/v1/documents", json=SUBMISSION)
    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/redis-full")
    assert answer.headers["retry-after"]
    await asyncio.to_thread(engine.slot().work_off)
    assert (await frail.get(f"/v1/documents/{document}")).json()["status"] == "succeeded"
    own_server.redis.config_set("maxmemory", "0")
    assert (await frail.post("/v1/documents", json=SUBMISSION)).status_code == 202


async def test_many_waiters(frail: httpx.AsyncClient, own_server: Server) -> None:
    """150 at once, all over one connection, and the rest is still answered."""
    connected = int(own_server.redis.info("clients")["connected_clients"])
    document = (await frail.post("/v1/documents", json=SUBMISSION)).json()["id"]
    waiting = [asyncio.create_task(frail.get(f"/v1/documents/{document}?wait=20")) for _ in range(150)]
    await asyncio.sleep(0.5)
    assert (await frail.get(f"/v1/documents/{document}")).status_code == 200
    assert int(own_server.redis.info("clients")["connected_clients"]) - connected < 20
    await asyncio.to_thread(Engine(own_server, chain).slot().work_off)
    assert {answer.json()["status"] for answer in await asyncio.gather(*waiting)} == {"succeeded"}


async def test_a_stream_outlives_a_restart(frail: httpx.AsyncClient, own_server: Server) -> None:
    """Where it ended for it, the reader asks again with the last id; either way all is told, to the end."""
    engine = Engine(own_server, chain)
    document = engine.submit(chain, text="x")
    address = f"/v1/documents/{document}/events"
    following = asyncio.create_task(frail.get(address))
    await asyncio.sleep(0.3)
    own_server.kill()
    own_server.start()
    await asyncio.to_thread(engine.slot().work_off)
    async with asyncio.timeout(10):
        seen = [*told((await following).text.split("\n"))]
        while seen[-1].kind != "done":
            last = {"Last-Event-ID": seen[-1].id}
            seen += told((await frail.get(address, headers=last)).text.split("\n"))
    assert {"queued", "one ready", "one done", "four done", "succeeded"} <= {*short(seen)}


async def test_streams_and_webhooks_are_refused_in_time(frail: httpx.AsyncClient, own_server: Server) -> None:
    """As every other request."""
    own_server.kill()
    began = time.monotonic()
    asked = [
        frail.get("/v1/documents/0-000000000000000000/events"),
        frail.get("/v1/batches/0-000000000000000000/events"),
    ]
    answers = await asyncio.gather(
        *asked, frail.get("/v1/webhooks"), frail.post("/v1/webhooks", json={"url": "https://x"})
    )
    assert time.monotonic() - began < SOON
    assert [answer.status_code for answer in answers] == [503] * 4
    assert all(int(answer.headers["retry-after"]) > 0 for answer in answers)
