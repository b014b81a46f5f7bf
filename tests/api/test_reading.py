"""Reading over REST: state, waiting, results, lists."""

import asyncio
import time

import httpx
import pytest

from orchestrator.calls import Leased
from tests.support.engine import Engine
from tests.support.pipelines import chain, moods, shouting


async def test_wait_answers_when_the_document_is_final(client: httpx.AsyncClient, engine: Engine) -> None:
    """It is told, not polled: the answer comes within a moment of the end."""
    document = engine.submit(chain, text="x")
    waiting = asyncio.create_task(client.get(f"/v1/documents/{document}?wait=30"))
    await asyncio.sleep(0.3)
    assert not waiting.done()
    await asyncio.to_thread(engine.slot().work_off)
    ended = time.monotonic()
    answer = await waiting
    assert time.monotonic() - ended < 0.5
    assert answer.json()["status"] == "succeeded"
    assert "retry-after" not in answer.headers


async def test_wait_ends_without_an_end(client: httpx.AsyncClient, engine: Engine) -> None:
    """After so many seconds the document is answered as it is."""
    answer = await client.get(f"/v1/documents/{engine.submit(chain, text='x')}?wait=0.2")
    assert (answer.status_code, answer.json()["status"]) == (200, "queued")
    assert answer.headers["retry-after"] == "1"


async def test_a_result_before_and_after_the_end(client: httpx.AsyncClient, engine: Engine) -> None:
    """409 while it runs, the output of the last step afterwards; a step's own output as soon as it is there."""
    document = engine.submit(chain, text="x")
    slot = engine.slot()
    slot.complete(slot.take(), "first")
    address = f"/v1/documents/{document}/result"
    early = await client.get(address)
    assert (early.status_code, early.json()["type"]) == (409, "/problems/not-finished")
    assert (await client.get(f"{address}?step=one")).json() == "first"
    assert (await client.get(f"{address}?step=two")).json()["type"] == "/problems/not-finished"
    slot.work_off("last")
    assert (await client.get(address)).json() == "last"


async def test_a_list_is_answered_whole(client: httpx.AsyncClient, engine: Engine) -> None:
    """The output of a fan-out is the list of its items."""
    document = engine.submit(shouting, text="a b")

    def value(job: Leased) -> object:
        return ["a", "b"] if job.step == "split" else job.job.partition("/")[2]

    engine.slot().work_off(value)
    assert (await client.get(f"/v1/documents/{document}/result?step=shout")).json() == ["shout[0]", "shout[1]"]


async def test_a_failed_document_has_no_result_and_says_why(client: httpx.AsyncClient, engine: Engine) -> None:
    """409 of another type, with the error."""
    document = engine.submit(moods, text="x")
    slot = engine.slot()
    slot.fail(slot.take(), how="fatal")
    answer = await client.get(f"/v1/documents/{document}/result")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/no-result")
    assert "ValueError" in answer.json()["detail"]


NOBODY = ("0-000000000000000000", "nonsense", "é-000", "0-000/result", "0-000?wait=5", "z" * 5000 + "-0")


@pytest.mark.parametrize("address", NOBODY)
async def test_an_unknown_document(client: httpx.AsyncClient, address: str) -> None:
    """404, whatever the id looks like."""
    answer = await client.get(f"/v1/documents/{address}")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-document")


async def test_the_list_is_newest_first(client: httpx.AsyncClient, engine: Engine) -> None:
    """By state and bounded; documents of on_finish are not of the user's making."""
    ids = [engine.submit(moods, text=str(n)) for n in range(3)]
    slot = engine.slot()
    slot.fail(slot.take(), how="fatal")
    rows = (await client.get("/v1/documents")).json()["documents"]
    assert [row["id"] for row in rows] == ids[::-1]
    assert [row["id"] for row in (await client.get("/v1/documents?limit=1")).json()["documents"]] == ids[2:]
    failed = (await client.get("/v1/documents?status=failed")).json()["documents"]
    assert [(row["id"], row["link"]) for row in failed] == [(ids[0], f"/v1/documents/{ids[0]}")]


async def test_the_newest_are_listed_whatever_their_on_finish_is(client: httpx.AsyncClient, engine: Engine) -> None:
    """Documents of on_finish take no places."""
    ids = [engine.submit(shouting, text=str(n)) for n in range(4)]
    engine.slot().work_off(lambda job: ["a"] if job.step == "split" else "x")  # pyright: ignore
    rows = (await client.get("/v1/documents?limit=3&status=succeeded")).json()["documents"]
    assert [row["id"] for row in rows] == ids[:0:-1]


async def test_the_list_of_those_that_carry_a_flag(client: httpx.AsyncClient, engine: Engine) -> None:
    """Whatever their status; a word that is no flag is refused."""
    documents = [engine.submit(moods, text=str(n)) for n in range(3)]
    slot = engine.slot()
    job = slot.take()
    engine.transport.send(slot.calls.flag(job, "needs_review", "the total does not add up"))
    rows = (await client.get("/v1/documents?flag=needs_review")).json()["documents"]
    assert [(row["id"], row["flags"]) for row in rows] == [(documents[0], ["needs_review"])]
    assert (await client.get("/v1/documents?flag=needs_review&status=failed")).json()["documents"] == []
    assert (await client.get("/v1/documents?flag=failed")).status_code == 422


async def test_pipelines_say_what_they_take(client: httpx.AsyncClient) -> None:
    """Parameters with types and defaults, lanes by step."""
    found = {one["name"]: one for one in (await client.get("/v1/pipelines")).json()["pipelines"]}
    assert found["filed"]["parameters"] == {"source": {"type": "Source"}, "note": {"type": "str", "default": "none"}}
    assert found["shouting"]["lanes"]["shout"] == "gpu"
    assert found["shouting"]["result"] == "keep"


async def test_workers_say_what_they_do(client: httpx.AsyncClient, engine: Engine) -> None:
    """None at first; then each with its slots and their jobs."""
    assert (await client.get("/v1/workers")).json() == {"workers": []}
    document = engine.submit(chain, text="x")
    engine.slot("w/0").take()
    engine.server.redis.hset(engine.keys.worker("w"), mapping={"host": "node1", "slots": "1"})
    (worker,) = (await client.get("/v1/workers")).json()["workers"]
    assert (worker["id"], worker["state"], worker["host"]) == ("w", "alive", "node1")
    (job,) = worker["slots"][0]["jobs"]
    assert (job["document"], job["step"], job["limit"]) == (document, "one", 600.0)
