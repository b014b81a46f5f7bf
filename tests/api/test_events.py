"""What happens is told as server-sent events: whole, resumed anywhere, alive, bounded."""

import asyncio
import signal
import threading
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Message

import api.streaming
from api.streaming import EventStream
from orchestrator.calls.batches import BatchCalls
from orchestrator.ids import member_id, new_id
from tests.api.streams import short, told
from tests.api.test_process import answers, start
from tests.documents.fakes import free_port
from tests.support.engine import Engine
from tests.support.pipelines import chain
from tests.support.server import Server
from tests.support.workers import wait_until

STEPS = [f"{step} {word}" for step in ("two", "three", "four") for word in ("ready", "leased", "done")]
STORY = ["queued", "one ready", "running", "one leased", "one done", *STEPS, "succeeded"]


def events(answer: httpx.Response) -> "list[Any]":
    """Of an answer that has ended, all of them."""
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    return [*told(answer.text.split("\n"))]


async def test_the_story_of_a_document_that_has_ended(client: httpx.AsyncClient, engine: Engine) -> None:
    """In order, each with an id; `done` is the last, and leaves the last id in force."""
    document = engine.submit(chain, text="x")
    engine.slot().work_off()
    *story, done = events(await client.get(f"/v1/documents/{document}/events"))
    assert sorted(short(story)) == sorted(STORY)
    assert (short(story)[0], short(story)[-1]) == ("queued", "succeeded")
    assert len({event.id for event in story}) == len(STORY)
    assert (done.kind, done.id, done.data) == ("done", "", {"status": "succeeded"})


async def test_one_that_was_told_all_is_told_not_to_come_again(client: httpx.AsyncClient, engine: Engine) -> None:
    """204 ends a browser's reconnecting; with an earlier id it is told the rest."""
    document = engine.submit(chain, text="x")
    engine.slot().work_off()
    address = f"/v1/documents/{document}/events"
    *story, _ = events(await client.get(address))
    again = await client.get(address, headers={"Last-Event-ID": story[-1].id})
    assert (again.status_code, again.content) == (204, b"")
    rest = events(await client.get(address, headers={"Last-Event-ID": story[-2].id}))
    assert short(rest)[-2:-1] == ["succeeded"]
    assert rest[-1].kind == "done"


async def test_one_whose_whole_life_lay_in_one_millisecond_is_told_not_to_come_again_either(
    client: httpx.AsyncClient, engine: Engine
) -> None:
    """Its beginning has the time of its end, and so would be told again."""
    document = engine.submit(chain, text="x")
    engine.slot().work_off()
    key = engine.keys.doc(document)
    finished = engine.server.redis.hget(key, "finished")
    engine.server.redis.hset(key, mapping={"submitted": finished, "started": finished})
    address = f"/v1/documents/{document}/events"
    *story, _ = events(await client.get(address))
    again = await client.get(address, headers={"Last-Event-ID": story[-1].id})
    assert (again.status_code, again.content) == (204, b"")


async def test_what_cannot_be_followed(client: httpx.AsyncClient, engine: Engine) -> None:
    """Before the first byte, as any other error."""
    nobody = await client.get("/v1/documents/0-000000000000000000/events")
    assert (nobody.status_code, nobody.json()["type"]) == (404, "/problems/unknown-document")
    document = engine.submit(chain, text="x")
    odd = await client.get(f"/v1/documents/{document}/events", headers={"Last-Event-ID": "yesterday"})
    assert (odd.status_code, odd.json()["type"]) == (422, "/problems/invalid-request")
    assert (await client.get("/v1/batches/0-000000000000000000/events")).status_code == 404


@pytest.fixture
def addresses(server: Server, tmp_path: Path) -> Iterator[list[str]]:
    """Of two running API processes."""
    ports = [free_port(), free_port()]
    processes = [start(server.url, tmp_path, "--port", str(port)) for port in ports]
    try:
        for port in ports:
            wait_until(lambda port=port: answers(f"http://127.0.0.1:{port}"), "the API answers")
        yield [f"http://127.0.0.1:{port}" for port in ports]
    finally:
        for process in processes:
            process.send_signal(signal.SIGTERM)
        assert not any("Traceback" in process.communicate(timeout=10)[1] for process in processes)


def test_a_stream_goes_on_at_another_process(addresses: list[str], engine: Engine) -> None:
    """What happened between is told first; then what happens, as it does."""
    document = engine.submit(chain, text="x")
    path = f"/v1/documents/{document}/events"
    slot = engine.slot()
    with httpx.stream("GET", addresses[0] + path, timeout=10) as stream:
        coming = told(stream.iter_lines())
        seen = [next(coming), next(coming)]
        job = slot.take()
        seen += [next(coming), next(coming)]
    slot.complete(job, "first")
    with httpx.stream("GET", addresses[1] + path, headers={"Last-Event-ID": seen[-1].id}, timeout=10) as stream:
        coming = told(stream.iter_lines())
        seen += [next(coming)]
        threading.Timer(0.3, slot.work_off).start()
        *rest, done = coming
    # What shares the last event's millisecond may be told again.
    assert [*dict.fromkeys(short([*seen, *rest]))][:5] == STORY[:5]
    assert {*short([*seen, *rest])} == {*STORY}
    assert done.kind == "done"


def test_a_batch_is_followed_to_its_end(addresses: list[str], engine: Engine) -> None:
    """Its counts, whenever they change, and not told twice."""
    calls, batch = BatchCalls(engine.keys), new_id()
    engine.transport.send(calls.open(batch, chain.id, priority=5, tenant="default", retention=60))
    for line in (1, 2):
        engine.submit(chain, member_id(batch, line), text="x", batch=batch)
    engine.transport.send(calls.close(batch))
    path = f"{addresses[0]}/v1/batches/{batch}/events"
    with httpx.stream("GET", path, timeout=10) as stream:
        coming = told(stream.iter_lines())
        first = next(coming)
        threading.Timer(0.2, engine.slot().work_off).start()
        *_, last, done = coming
    assert (first.data["succeeded"], last.data["succeeded"], last.data["state"]) == (0, 2, "ended")
    assert done.kind == "done"
    assert httpx.get(path, headers={"Last-Event-ID": last.id}).status_code == 204


def test_hundreds_of_streams_need_few_connections(addresses: list[str], engine: Engine) -> None:
    """All hear over one, and all hear the end; a process that is to end lets them go at once."""
    document = engine.submit(chain, text="x")
    before = int(engine.server.redis.info("clients")["connected_clients"])

    async def listen(client: httpx.AsyncClient, begun: list[int]) -> str:
        async with client.stream("GET", f"{addresses[0]}/v1/documents/{document}/events") as stream:
            begun.append(stream.status_code)
            return "".join([text async for text in stream.aiter_text()])

    async def all_of_them() -> list[str]:
        begun: list[int] = []
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(timeout=20, limits=limits) as client:
            listening = [asyncio.create_task(listen(client, begun)) for _ in range(200)]
            while len(begun) < 200:
                await asyncio.sleep(0.02)
            assert int(engine.server.redis.info("clients")["connected_clients"]) - before <= 40
            await asyncio.to_thread(engine.slot().work_off)
            return await asyncio.gather(*listening)

    assert all("event: done" in text for text in asyncio.run(all_of_them()))


def test_the_end_of_a_process_ends_its_streams(server: Server, tmp_path: Path, engine: Engine) -> None:
    """At once, not after the time that open requests get."""
    port = free_port()
    process = start(server.url, tmp_path, "--port", str(port))
    wait_until(lambda: answers(f"http://127.0.0.1:{port}"), "the API answers")
    path = f"http://127.0.0.1:{port}/v1/documents/{engine.submit(chain, text='x')}/events"
    with httpx.stream("GET", path, timeout=10) as stream:
        coming = told(stream.iter_lines())
        assert next(coming).data["state"] == "queued"
        process.send_signal(signal.SIGTERM)
        assert [event.kind for event in coming] == ["step"]
    _, words = process.communicate(timeout=3)
    assert "Traceback" not in words


async def never() -> AsyncGenerator[bytes, None]:
    """Tells one event, then nothing for ever."""
    yield b"event: x\ndata: 1\n\n"
    await asyncio.Event().wait()


async def test_silence_is_broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a comment, as long as there is nothing else."""
    monkeypatch.setattr(api.streaming, "HEARTBEAT", 0.02)
    ending, sent = asyncio.Event(), list[bytes]()

    async def send(message: Message) -> None:
        sent.append(message.get("body", b""))
        if sent.count(api.streaming.PING) == 3:
            ending.set()

    await EventStream(never(), ending).stream_response(send)
    assert sent[2] == b"event: x\ndata: 1\n\n"


async def test_who_does_not_read_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is kept for them."""
    monkeypatch.setattr(api.streaming, "SLOWEST", 0.05)
    taken: list[Message] = []

    async def send(message: Message) -> None:
        taken.append(message)
        if len(taken) == 3:
            await asyncio.Event().wait()

    async with asyncio.timeout(2):
        await EventStream(never(), asyncio.Event()).stream_response(send)
    assert len(taken) == 3
