"""Waiting for the answer, and its form, as the client would rather have them."""

import asyncio

import httpx
import pytest

from api.forms import best_of
from orchestrator.calls import Leased
from tests.support.engine import Engine
from tests.support.pipelines import chain, shouting

OFFERED = ("application/json", "text/plain", "text/markdown")


async def test_a_submission_that_waits_is_answered_with_the_document(client: httpx.AsyncClient, engine: Engine) -> None:
    """200 where it ended meanwhile, and the preference is said to be followed."""
    body = {"pipeline": "chain", "text": "x"}
    waiting = asyncio.create_task(client.post("/v1/documents", json=body, headers={"Prefer": "respond-async, wait=20"}))
    slot = engine.slot()
    async with asyncio.timeout(10):
        while not await asyncio.to_thread(slot.work_off):
            await asyncio.sleep(0.01)
    answer = await waiting
    assert (answer.status_code, answer.json()["status"]) == (200, "succeeded")
    assert answer.headers["preference-applied"] == "wait=20"
    assert answer.headers["location"] == f"/v1/documents/{answer.json()['id']}"


async def test_one_that_does_not_end_in_that_time_is_accepted(client: httpx.AsyncClient, engine: Engine) -> None:
    """202, as without the preference; what makes no sense is no preference."""
    for prefer, applied in (("wait=1", "wait=1"), ("wait=soon", None), ("handling=lenient", None)):
        headers = {"Prefer": prefer}
        answer = await client.post("/v1/documents", json={"pipeline": "chain", "text": "x"}, headers=headers)
        assert (answer.status_code, answer.json()["status"]) == (202, "queued")
        assert answer.headers["retry-after"] == "1"
        assert answer.headers.get("preference-applied") == applied
    del engine


async def test_a_result_may_be_waited_for(client: httpx.AsyncClient, engine: Engine) -> None:
    """By the header, or by the parameter, which wins."""
    document = engine.submit(chain, text="x")
    address = f"/v1/documents/{document}/result"
    early = await client.get(f"{address}?wait=0", headers={"Prefer": "wait=20"})
    assert (early.status_code, early.json()["type"]) == (409, "/problems/not-finished")
    waiting = asyncio.create_task(client.get(address, headers={"Prefer": "wait=20"}))
    await asyncio.sleep(0.1)
    await asyncio.to_thread(engine.slot().work_off, "last")
    assert (await waiting).json() == "last"


def outputs(job: Leased) -> object:
    """Of `shouting`: two pages, a text with a form feed, an object."""
    if job.step == "split":
        return ["one", "<b>two</b>"]
    return {"text": "one\ftwo"} if job.step == "join" else job.job.partition("/")[2]


@pytest.fixture
async def address(engine: Engine) -> str:
    """Of the result of a document that has ended."""
    document = engine.submit(shouting, text="a b")
    engine.slot().work_off(outputs)
    return f"/v1/documents/{document}/result"


async def test_a_page_of_a_step(client: httpx.AsyncClient, address: str) -> None:
    """From 1 on: an item of a list, or what stands between form feeds."""
    assert (await client.get(f"{address}?step=split&page=2")).json() == "<b>two</b>"
    assert (await client.get(f"{address}?step=join&page=2")).json() == "two"
    beyond = await client.get(f"{address}?step=split&page=3")
    assert (beyond.status_code, beyond.json()["type"]) == (404, "/problems/unknown-page")
    assert (await client.get(f"{address}?step=split&page=0")).status_code == 422


async def test_a_text_where_one_is_accepted(client: httpx.AsyncClient, address: str) -> None:
    """As it is, or with a rule between pages; no browser takes it for a page."""
    plain = await client.get(f"{address}?step=split", headers={"Accept": "text/plain"})
    assert (plain.text, plain.headers["content-type"]) == ("one\f<b>two</b>", "text/plain; charset=utf-8")
    assert plain.headers["x-content-type-options"] == "nosniff"
    marked = await client.get(f"{address}?step=join", headers={"Accept": "text/html, text/markdown;q=0.5"})
    assert (marked.text, marked.headers["content-type"]) == ("one\n\n---\n\ntwo", "text/markdown; charset=utf-8")
    anything = await client.get(f"{address}?step=join", headers={"Accept": "*/*"})
    assert anything.json() == {"text": "one\ftwo"}


async def test_a_form_that_there_is_not(client: httpx.AsyncClient, engine: Engine, address: str) -> None:
    """406, which names what there is."""
    picture = await client.get(address, headers={"Accept": "image/png"})
    assert (picture.status_code, picture.json()["type"]) == (406, "/problems/not-acceptable")
    document = engine.submit(chain, text="x")
    engine.slot("w/1").work_off({"figure": 1})
    figure = await client.get(f"/v1/documents/{document}/result", headers={"Accept": "text/plain"})
    assert figure.status_code == 406
    assert "?step=" in figure.json()["detail"]


async def test_an_output_that_is_gone(client: httpx.AsyncClient, engine: Engine, address: str) -> None:
    """410: it was there, and is no more."""
    document = address.split("/")[3]
    engine.server.redis.hdel(engine.keys.data(document), "join")
    gone = await client.get(f"{address}?step=join")
    assert (gone.status_code, gone.json()["type"]) == (410, "/problems/output-gone")


@pytest.mark.parametrize(
    ("accept", "best"),
    [
        ("", "application/json"),
        ("*/*", "application/json"),
        ("text/*", "text/plain"),
        ("text/*;q=0.5, text/markdown", "text/markdown"),
        ("text/plain;q=0, text/*", "text/markdown"),
        ("application/json;q=0.1, TEXT/PLAIN", "text/plain"),
        ("image/png", None),
        ("text/plain;q=much", None),
    ],
)
def test_what_is_liked_best(accept: str, best: str | None) -> None:
    """The most specific range says how much; among equals the first that is offered."""
    assert best_of(accept, OFFERED) == best
