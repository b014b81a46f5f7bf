"""Submitted once over REST: Idempotency-Key, and unique names."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from orchestrator.settings import Settings
from tests.support.engine import Engine

CHAIN: dict[str, Any] = {"pipeline": "chain", "text": "hello"}


async def test_the_same_request_again_is_the_same_document(client: httpx.AsyncClient, engine: Engine) -> None:
    """Also from another API process: the key lives in Redis."""
    headers = {"Idempotency-Key": "order-1"}
    first, again = [(await client.post("/v1/documents", json=CHAIN, headers=headers)).json() for _ in range(2)]
    assert first == again
    assert engine.slot().work_off() == ["one", "two", "three", "four"]


async def test_what_was_accepted_before_says_what_became_of_it(client: httpx.AsyncClient, engine: Engine) -> None:
    headers = {"Idempotency-Key": "order-1"}
    await client.post("/v1/documents", json=CHAIN, headers=headers)
    engine.slot().work_off()
    again = await client.post("/v1/documents", json=CHAIN, headers=headers)
    assert (again.status_code, again.json()["status"]) == (202, "succeeded")


@pytest.mark.parametrize(
    "other", [{"text": "other"}, {"priority": 9}, {"pipeline": "moods"}, {"lanes": {"one": "gpu"}}]
)
async def test_another_request_with_the_same_key_is_refused(client: httpx.AsyncClient, other: dict[str, Any]) -> None:
    """422: a key is for one request."""
    headers = {"Idempotency-Key": "order-1"}
    first = (await client.post("/v1/documents", json=CHAIN, headers=headers)).json()["id"]
    answer = await client.post("/v1/documents", json=CHAIN | other, headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/idempotency-key-reused")
    assert first in answer.json()["detail"]


async def test_the_same_file_again_leaves_nothing_behind(client: httpx.AsyncClient, settings: Settings) -> None:
    """It is known by its bytes; what was stored for the second request is deleted."""
    answers = [
        await client.post(
            "/v1/documents",
            data={"pipeline": "filed"},
            files={"file": ("a.txt", content)},
            headers={"Idempotency-Key": "k"},
        )
        for content in (b"one", b"one", b"two")
    ]
    assert [answer.status_code for answer in answers] == [202, 202, 422]
    assert answers[0].json() == answers[1].json()
    assert [folder.name for folder in Path(settings.data_dir / "blobs").iterdir()] == [answers[0].json()["id"]]


async def test_a_unique_name_until_its_document_ends(client: httpx.AsyncClient, engine: Engine) -> None:
    """409 with the document that has it."""
    first = (await client.post("/v1/documents", json=CHAIN | {"unique": "nightly"})).json()["id"]
    answer = await client.post("/v1/documents", json=CHAIN | {"unique": "nightly"})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/unique-name-taken")
    assert first in answer.json()["detail"]
    engine.slot().work_off()
    assert (await client.post("/v1/documents", json=CHAIN | {"unique": "nightly"})).status_code == 202


async def test_what_is_no_name_is_refused(client: httpx.AsyncClient) -> None:
    """422, and it says what is wrong."""
    answer = await client.post("/v1/documents", json=CHAIN | {"unique": "two words"})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "#/unique")
    answer = await client.post("/v1/documents", json=CHAIN, headers={"Idempotency-Key": "two words"})
    assert (answer.status_code, "no spaces" in answer.json()["detail"]) == (422, True)
