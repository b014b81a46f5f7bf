"""What was there and is no more is told apart from what never was, and from what is not finished yet."""

from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from tests.api.keyed import holding, new_key
from tests.api.test_foreign import app
from tests.api.test_problems import check
from tests.support.engine import Engine
from tests.support.pipelines import chain
from tests.support.server import Server

__all__ = ["app"]

DOCUMENTS, BATCHES = "/v1/documents", "/v1/batches"
NEVER = "0-000000000000000000"
ASKED: list[tuple[str, str, dict[str, Any]]] = [
    ("GET", "", {}),
    ("GET", "?wait=1", {}),
    ("GET", "/result", {}),
    ("GET", "/result?step=one&page=1", {}),
    ("GET", "/events", {}),
    ("GET", "/why", {}),
    ("POST", "/cancel", {}),
    ("POST", "/retry", {}),
    ("PATCH", "", {"json": {"priority": 9}}),
    ("DELETE", "", {}),
]


def purged(engine: Engine) -> str:
    """A document that ended, and was purged after its retention."""
    document = engine.submit(chain, text="x")
    engine.slot().work_off()
    engine.shift("retention", 10 * 86_400_000)
    assert engine.transport.send(engine.duties.purge_take()) == [document]
    assert engine.transport.send(engine.duties.purge_drop([document])) == [document]
    return document


@pytest.mark.parametrize(("method", "after", "request_"), ASKED)
async def test_410_of_a_document_that_was_purged_404_of_one_that_never_was(
    client: httpx.AsyncClient, engine: Engine, method: str, after: str, request_: dict[str, Any]
) -> None:
    """By every address of it; and it says when."""
    document = purged(engine)
    gone = check(await client.request(method, f"{DOCUMENTS}/{document}{after}", **request_), "purged")
    assert gone["status"] == 410
    assert "purged at 20" in gone["detail"]
    check(await client.request(method, f"{DOCUMENTS}/{NEVER}{after}", **request_), "unknown-document")


async def test_409_of_one_that_is_not_finished(client: httpx.AsyncClient, engine: Engine) -> None:
    document = engine.submit(chain, text="x")
    check(await client.get(f"{DOCUMENTS}/{document}/result"), "not-finished")


async def test_one_that_is_submitted_anew_is_there(client: httpx.AsyncClient, engine: Engine) -> None:
    """What is remembered never hides what is there."""
    document = purged(engine)
    engine.transport.send(engine.documents.submit(chain.id, [(document, chain.input_json({"text": "x"}))]))
    assert (await client.get(f"{DOCUMENTS}/{document}")).json()["status"] == "queued"


async def test_a_batch_that_was_deleted(client: httpx.AsyncClient, engine: Engine) -> None:
    """Its documents, which are deleted apart, are still there."""
    told = await client.post(BATCHES, json={"pipeline": "chain", "lines": [{"text": "x"}]})
    batch = told.json()["id"]
    engine.slot().work_off()
    assert (await client.delete(f"{BATCHES}/{batch}")).status_code == 204
    for method, after in (("GET", ""), ("GET", "/outcomes"), ("POST", "/cancel"), ("DELETE", ""), ("GET", "/events")):
        check(await client.request(method, f"{BATCHES}/{batch}{after}"), "purged")
    check(await client.get(f"{BATCHES}/{NEVER}"), "unknown-batch")
    assert (await client.get(f"{DOCUMENTS}/{batch}.00001")).json()["status"] == "succeeded"


async def test_what_was_anothers_was_never_there(app: FastAPI, server: Server, engine: Engine) -> None:
    """For its own tenant it is gone; for any other it is as unknown as any id."""
    own, other = [holding(app, await new_key(server.url, tenant, "submit", "read")) for tenant in "ab"]
    document = (await own.post(DOCUMENTS, json={"pipeline": "chain", "text": "x"})).json()["id"]
    lines = [{"text": "x"}]
    batch = (await own.post(BATCHES, json={"pipeline": "chain", "lines": lines})).json()["id"]
    engine.slot().work_off()
    for address, unknown in ((f"{DOCUMENTS}/{document}", "unknown-document"), (f"{BATCHES}/{batch}", "unknown-batch")):
        assert (await own.delete(address)).status_code == 204
        check(await own.get(address), "purged")
        told = check(await other.get(address), unknown)
        never = (await other.get(f"{address.rpartition('/')[0]}/{NEVER}")).json()
        assert told["detail"].replace(address.rpartition("/")[2], NEVER) == never["detail"]
