"""Cancelling and deadlines over REST."""

import httpx
import pytest

from tests.support.engine import Engine
from tests.support.pipelines import chain, moods

LONG = "ä" * 400
"""A reason whose bytes are twice its characters, and more than any of its places has."""


async def test_a_cancelled_document_is_answered_and_leaves_its_lane(client: httpx.AsyncClient, engine: Engine) -> None:
    """200 with the document as it is now; what a slot would take next is another's."""
    document, other = engine.submit(chain, text="x"), engine.submit(chain, text="y")
    answer = await client.post(f"/v1/documents/{document}/cancel", json={"why": "sent twice"})
    assert (answer.status_code, answer.json()["status"], answer.json()["error"]) == (200, "cancelled", "sent twice")
    assert {step["state"] for step in answer.json()["steps"]} == {"cancelled"}
    assert engine.slot().take().document == other


async def test_cancel_again_changes_nothing(client: httpx.AsyncClient, engine: Engine) -> None:
    """200 both times, and the first reason stays; no body is needed."""
    document = engine.submit(chain, text="x")
    first = await client.post(f"/v1/documents/{document}/cancel")
    again = await client.post(f"/v1/documents/{document}/cancel", json={"why": "another"})
    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json() == again.json()
    assert first.json()["log"][0].endswith("cancelled: someone asked for its end")


async def test_what_was_done_before_is_told(client: httpx.AsyncClient, engine: Engine) -> None:
    """Its effects outside are not undone."""
    document, slot = engine.submit(chain, text="x"), engine.slot()
    slot.complete(slot.take())
    told = (await client.post(f"/v1/documents/{document}/cancel")).json()["log"][-1]
    assert told.endswith("; done before, with what it did outside: one")


async def test_a_document_that_ended_otherwise(client: httpx.AsyncClient, engine: Engine) -> None:
    """409: it stays what it was."""
    document, slot = engine.submit(moods, text="x"), engine.slot()
    slot.complete(slot.take())
    answer = await client.post(f"/v1/documents/{document}/cancel")
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/already-ended")
    assert "succeeded" in answer.json()["detail"]
    assert engine.head(document)["status"] == "succeeded"


@pytest.mark.parametrize("document", ["0-000000000000000000", "nonsense"])
async def test_an_unknown_document(client: httpx.AsyncClient, document: str) -> None:
    """404."""
    answer = await client.post(f"/v1/documents/{document}/cancel")
    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/unknown-document")


@pytest.mark.parametrize(
    ("body", "place"), [(b'{"way": "x"}', "#/way"), (b'{"why": 1}', "#/why"), (b"{", "#"), (b"[]", "#")]
)
async def test_a_body_that_is_no_reason(client: httpx.AsyncClient, engine: Engine, body: bytes, place: str) -> None:
    """422 that says where; nothing is cancelled."""
    document = engine.submit(chain, text="x")
    answer = await client.post(f"/v1/documents/{document}/cancel", content=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, place)
    assert engine.head(document)["status"] == "queued"


async def test_a_long_reason_can_be_read_afterwards(client: httpx.AsyncClient, engine: Engine) -> None:
    """No place where it is cut makes the document unreadable."""
    document = engine.submit(chain, text="x")
    answer = await client.post(f"/v1/documents/{document}/cancel", json={"why": "x" + LONG})
    assert answer.status_code == 200, answer.text
    assert "ä" * 200 in answer.json()["log"][0]


async def test_a_deadline_is_kept(client: httpx.AsyncClient, engine: Engine) -> None:
    """Seconds from the submission; then the document fails, and says why."""
    document = (await client.post("/v1/documents", json={"pipeline": "chain", "text": "x", "deadline": 60})).json()[
        "id"
    ]
    engine.sweep()
    assert engine.head(document)["status"] == "queued"
    engine.shift("deadlines", 60_001)
    engine.sweep()
    body = (await client.get(f"/v1/documents/{document}")).json()
    assert (body["status"], body["error"]) == ("failed", "Deadline")


@pytest.mark.parametrize("deadline", [0, -1, "soon", 1e12])
async def test_a_deadline_that_cannot_be(client: httpx.AsyncClient, deadline: object) -> None:
    """422 that names it."""
    answer = await client.post("/v1/documents", json={"pipeline": "chain", "text": "x", "deadline": deadline})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/deadline")


async def test_a_form_takes_a_deadline(client: httpx.AsyncClient, engine: Engine) -> None:
    """As text, like all fields of forms."""
    form = {"pipeline": "filed", "deadline": "60.5"}
    document = (await client.post("/v1/documents", data=form, files={"file": ("a.txt", b"a")})).json()["id"]
    head = engine.head(document)
    assert int(head["deadline"]) - int(head["submitted"]) == 60_500
