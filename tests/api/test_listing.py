"""Lists of documents: by what is asked for, page by page, stable while more come."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from orchestrator import listing
from tests.api.test_problems import check
from tests.support.engine import Engine
from tests.support.pipelines import chain, moods

DOCUMENTS = "/v1/documents"


async def walk(client: httpx.AsyncClient, first: str) -> list[list[str]]:
    """The ids of all pages, from an address on; the header and the body name the same next page."""
    pages: list[list[str]] = []
    address: str | None = first
    while address is not None:
        answer = await client.get(address)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        pages.append([row["id"] for row in body["documents"]])
        address = body["next"]
        assert answer.headers.get("link") == (None if address is None else f'<{address}>; rel="next"')
    return pages


async def ids(client: httpx.AsyncClient, **asked: Any) -> list[str]:
    """What one page of all has."""
    answer = await client.get(DOCUMENTS, params=asked)
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["documents"]]


async def test_page_by_page_newest_first_each_once(client: httpx.AsyncClient, engine: Engine) -> None:
    made = [engine.submit(chain, text="a") for _ in range(23)]
    pages = await walk(client, f"{DOCUMENTS}?limit=5")
    assert [document for page in pages for document in page] == made[::-1]
    assert {len(page) for page in pages[:-1]} == {5}


async def test_what_comes_meanwhile_moves_nothing(client: httpx.AsyncClient, engine: Engine) -> None:
    made = [engine.submit(chain, text="a") for _ in range(7)]
    first = (await client.get(DOCUMENTS, params={"limit": 3})).json()
    for _ in range(10):
        engine.submit(chain, text="later")
    rest = await walk(client, first["next"])
    assert [row["id"] for row in first["documents"]] + [one for page in rest for one in page] == made[::-1]


async def test_many_of_one_moment_and_of_several_states(client: httpx.AsyncClient, engine: Engine) -> None:
    """A cursor stands between two documents, also where a millisecond has many."""
    batch = "0-1many"
    value = chain.input_json({"text": "a"})
    members = [(f"{batch}.{line:05}", value) for line in range(1, 31)]
    engine.transport.send(engine.documents.submit(chain.id, members))
    engine.transport.send(engine.documents.cancel([member for member, _ in members[::3]], "test"))
    pages = await walk(client, f"{DOCUMENTS}?limit=4")
    found = [document for page in pages for document in page]
    assert found == sorted((member for member, _ in members), reverse=True)


async def test_all_that_is_asked_for_must_hold(client: httpx.AsyncClient, engine: Engine) -> None:
    first = engine.submit(chain, text="a", tenant="acme")
    second = engine.submit(moods, text="b")
    slot = engine.slot(lanes=("cpu",))
    slot.fail(slot.take(), how="fatal")
    engine.transport.send(engine.documents.cancel([second], "test"))
    assert await ids(client) == [second, first]
    assert await ids(client, status="failed") == [first] == await ids(client, tenant="acme")
    assert await ids(client, status=["failed", "cancelled"]) == [second, first]
    assert await ids(client, pipeline="moods") == [second]
    assert await ids(client, error="valueERROR") == [first]
    assert await ids(client, error="valueERROR", pipeline="moods") == []
    assert await ids(client, flag="needs_review") == []
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    assert await ids(client, until=soon) == [second, first]
    assert await ids(client, since=soon) == []


async def test_what_is_rare_is_found_over_several_pages(
    client: httpx.AsyncClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page looks at so many only: it may be empty, and the list goes on."""
    monkeypatch.setattr(listing, "MOST_LOOKED", 10)
    rare = engine.submit(chain, text="a", tenant="acme")
    for _ in range(25):
        engine.submit(chain, text="a")
    pages = await walk(client, f"{DOCUMENTS}?tenant=acme")
    assert pages == [[], [], [rare]]


@pytest.mark.parametrize(
    "wrong", ["cursor=moon", "cursor=", "cursor=MTIz", "cursor=%00", "cursor=eCAwLTE", "limit=201", "status=foo"]
)
async def test_what_is_wrong_in_the_address_is_named(client: httpx.AsyncClient, wrong: str) -> None:
    body = check(await client.get(f"{DOCUMENTS}?{wrong}"), "invalid-request")
    assert body["errors"][0]["parameter"] == wrong.partition("=")[0]


async def test_a_time_needs_a_zone(client: httpx.AsyncClient) -> None:
    body = check(await client.get(DOCUMENTS, params={"since": "2026-01-01T00:00:00"}), "invalid-request")
    assert body["errors"][0]["parameter"] == "since"
