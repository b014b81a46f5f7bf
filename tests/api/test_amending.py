"""Changing a document that is there, asking why, deleting it."""

import json
from pathlib import Path
from typing import Any

import httpx
import pytest

from orchestrator.client import Mill
from orchestrator.errors import TooLate, Unavailable
from orchestrator.settings import Settings
from tests.api.test_problems import check
from tests.support.engine import Engine
from tests.support.pipelines import chain

DOCUMENTS = "/v1/documents"


async def test_a_priority_and_a_deadline_at_once(client: httpx.AsyncClient, engine: Engine) -> None:
    first, second = engine.submit(chain, text="a"), engine.submit(chain, text="b")
    answer = await client.patch(f"{DOCUMENTS}/{second}", json={"priority": 9, "deadline": 60})
    assert answer.status_code == 200, answer.text
    assert answer.json()["priority"] == 9
    assert answer.json()["deadline_at"] > answer.json()["submitted_at"]
    assert engine.slot().take().document == second
    assert "deadline" not in engine.head(first)
    engine.shift("deadlines", 61_000)
    engine.sweep()
    assert engine.head(second)["error"] == "Deadline"
    body = check(await client.patch(f"{DOCUMENTS}/{second}", json={"priority": 1}), "already-ended")
    assert "failed" in body["detail"]


async def test_what_is_left_out_stays(client: httpx.AsyncClient, engine: Engine) -> None:
    """null takes a deadline away; an empty body changes nothing."""
    document = engine.submit(chain, text="a", deadline=60.0, priority=7)
    kept = (await client.patch(f"{DOCUMENTS}/{document}", json={})).json()
    assert (kept["priority"], kept["deadline_at"] is None) == (7, False)
    assert (await client.patch(f"{DOCUMENTS}/{document}", json={"priority": 2})).json()["deadline_at"]
    gone = (await client.patch(f"{DOCUMENTS}/{document}", json={"deadline": None})).json()
    assert (gone["priority"], gone["deadline_at"]) == (2, None)


@pytest.mark.parametrize("wrong", [{"priority": 10}, {"deadline": 0}, {"deadline": -1}, {"status": "failed"}])
async def test_what_cannot_be(client: httpx.AsyncClient, engine: Engine, wrong: dict[str, object]) -> None:
    document = engine.submit(chain, text="a")
    check(await client.patch(f"{DOCUMENTS}/{document}", json=wrong), "invalid-request")


async def test_why(client: httpx.AsyncClient, engine: Engine) -> None:
    document = engine.submit(chain, text="a")
    told = (await client.get(f"{DOCUMENTS}/{document}/why")).json()
    assert (told["document"], told["status"]) == (document, "queued")
    assert "worker" in told["says"]


async def test_deleted_with_its_file(client: httpx.AsyncClient, engine: Engine, settings: Settings) -> None:
    answer = await client.post(DOCUMENTS, json={"pipeline": "filed", "text": "secret"})
    document = answer.json()["id"]
    path = settings.data_dir / "blobs" / Path(json.loads(engine.data(document)["input"])["source"]["blob"])
    assert path.read_text() == "secret"
    gone = await client.delete(f"{DOCUMENTS}/{document}")
    assert (gone.status_code, gone.content) == (204, b"")
    assert not path.exists()
    assert not engine.server.redis.keys(f"*{document}*")
    check(await client.delete(f"{DOCUMENTS}/{document}"), "purged")


@pytest.mark.parametrize("method", ["PATCH", "DELETE", "GET"])
async def test_one_that_there_is_not(client: httpx.AsyncClient, method: str) -> None:
    for document in ("0-000", "nonsense"):
        address = f"{DOCUMENTS}/{document}" + ("/why" if method == "GET" else "")
        asked: dict[str, Any] = {"json": {"priority": 9}} if method == "PATCH" else {}
        check(await client.request(method, address, **asked), "unknown-document")


async def test_what_keeps_it_from_being_deleted(
    client: httpx.AsyncClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A step that does not end, a database that is away: nothing is lost, and it may be asked again."""
    for error, kind in ((TooLate("it runs"), "still-running"), (Unavailable("it is away"), "results-unavailable")):

        async def refuse(*_: object, error: Exception = error) -> None:
            raise error

        monkeypatch.setattr(Mill, "delete", refuse)
        answer = await client.delete(f"{DOCUMENTS}/{engine.submit(chain, text='a')}")
        check(answer, kind)
        assert answer.headers["retry-after"]


async def test_a_full_lane(client: httpx.AsyncClient) -> None:
    """429, and when to come again; what is in is served."""
    check_ok = await client.patch("/v1/lanes/cpu", json={"most": 1})
    assert check_ok.json()["bounds"]["most"] == 1, check_ok.text
    asked = {"pipeline": "chain", "text": "a"}
    assert (await client.post(DOCUMENTS, json=asked)).status_code == 202
    answer = await client.post(DOCUMENTS, json=asked)
    assert "lane cpu" in check(answer, "lane-full")["detail"]
    assert answer.headers["retry-after"] == "2"
    await client.patch("/v1/lanes/cpu", json={"most": None})
    assert (await client.post(DOCUMENTS, json=asked)).status_code == 202
