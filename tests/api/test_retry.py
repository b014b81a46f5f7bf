"""Retrying over REST."""

import httpx

from tests.support.engine import Engine
from tests.support.pipelines import chain


async def test_a_failed_document_runs_again_from_where_it_failed(client: httpx.AsyncClient, engine: Engine) -> None:
    """202 with the document as it is now; what is done is not done again."""
    document, slot = engine.submit(chain, text="x"), engine.slot()
    slot.complete(slot.take())
    slot.fail(slot.take(), "fatal")
    answer = await client.post(f"/v1/documents/{document}/retry")
    assert (answer.status_code, answer.json()["status"]) == (202, "running")
    assert answer.json()["log"][-1].endswith("retry: asked for over REST; it was failed")
    assert slot.work_off() == ["two", "three", "four"]


async def test_from_a_step_on(client: httpx.AsyncClient, engine: Engine) -> None:
    """Also what has succeeded; 409 where nothing is missing and no step is named, 404 where there is no such step."""
    document, slot = engine.submit(chain, text="x"), engine.slot()
    slot.work_off()
    answer = await client.post(f"/v1/documents/{document}/retry")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/nothing-missing")
    answer = await client.post(f"/v1/documents/{document}/retry?from=nosuch")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-step")
    assert (await client.post(f"/v1/documents/{document}/retry?from=three")).status_code == 202
    answer = await client.post(f"/v1/documents/{document}/retry?from=three")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/not-finished")
    assert slot.work_off() == ["three", "four"]


async def test_an_unknown_document_cannot_be_tried_again(client: httpx.AsyncClient) -> None:
    """404."""
    answer = await client.post("/v1/documents/0-000000000000000000/retry")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-document")
