"""Every error leaves as problem+json, with a type that stays and a detail that helps."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from api import bodies
from api.problems import KINDS
from orchestrator.client import Mill

FILE = {"file": ("a.txt", b"x")}
JSON = {"content-type": "application/json"}
PACKED_LINES = {"content-type": "application/jsonl", "content-encoding": "gzip"}
DOCUMENTS = "/v1/documents"
SOMEONES = {"name": "secret.pdf", "blob": "0-000000000000000000/input/secret.pdf"}
"""The input of another's document."""

CASES: list[tuple[str, str, dict[str, Any], str]] = [
    ("GET", "/nowhere", {}, "nothing-here"),
    ("GET", "/v1/documents/", {}, "nothing-here"),
    ("DELETE", DOCUMENTS, {}, "method-not-allowed"),
    ("GET", f"{DOCUMENTS}?limit=0", {}, "invalid-request"),
    ("GET", f"{DOCUMENTS}?status=lost", {}, "invalid-request"),
    ("GET", f"{DOCUMENTS}/0-000?wait=61", {}, "invalid-request"),
    ("GET", f"{DOCUMENTS}/0-000?wait=nan", {}, "invalid-request"),
    ("GET", f"{DOCUMENTS}?statsu=failed", {}, "invalid-request"),
    ("GET", f"{DOCUMENTS}/0-000?wiat=1", {}, "invalid-request"),
    ("POST", f"{DOCUMENTS}?wiat=1", {"json": {"pipeline": "chain", "text": "x"}}, "invalid-request"),
    ("POST", "/v1/dead-letters/retry?dry_run=true", {"json": {}}, "invalid-request"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "chain", "text": "x", "priority": "9"}}, "invalid-request"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "chain", "text": "x", "priority": True}}, "invalid-request"),
    (
        "POST",
        DOCUMENTS,
        {"content": b'{"pipeline":"chain","parameters":{"text":NaN}}', "headers": JSON},
        "invalid-request",
    ),
    ("POST", DOCUMENTS, {"content": b"x", "headers": JSON | {"content-encoding": "gzip"}}, "unsupported-media-type"),
    ("POST", "/v1/batches?pipeline=chain", {"content": b"x", "headers": PACKED_LINES}, "unsupported-media-type"),
    ("POST", DOCUMENTS, {"content": b"x"}, "unsupported-media-type"),
    ("POST", DOCUMENTS, {"content": b"x", "headers": {"content-type": "text/plain"}}, "unsupported-media-type"),
    ("POST", DOCUMENTS, {"content": b"{", "headers": JSON}, "invalid-request"),
    ("POST", DOCUMENTS, {"content": b'{"a":' * 5000, "headers": JSON}, "invalid-request"),
    ("POST", DOCUMENTS, {"content": b'"\\ud800"', "headers": JSON}, "invalid-request"),
    ("POST", DOCUMENTS, {"json": []}, "invalid-request"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "chain", "text": "x", "priority": 10}}, "invalid-request"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "chain", "text": "x", "path": "/x"}}, "invalid-request"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "chain", "text": "x", "lanes": {"one": "moon"}}}, "invalid-request"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "chain", "text": "x", "lanes": {"nine": "gpu"}}}, "invalid-request"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "chain"}}, "invalid-request"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "chain", "parameters": {"text": 1}}}, "invalid-request"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "nothing", "text": "x"}}, "unknown-pipeline"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "filed", "path": "relative"}}, "unreadable-path"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "filed", "path": "/no/such/file"}}, "unreadable-path"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "filed", "path": "/\0"}}, "unreadable-path"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "filed", "path": "/dev/zero"}}, "unreadable-path"),
    ("POST", DOCUMENTS, {"json": {"pipeline": "filed", "parameters": {"source": SOMEONES}}}, "invalid-request"),
    ("POST", DOCUMENTS, {"data": {"pipeline": "filed"}, "files": {"other": FILE["file"]}}, "invalid-request"),
    ("POST", DOCUMENTS, {"data": {"parameters": "{"}, "files": FILE}, "invalid-request"),
    ("POST", DOCUMENTS, {"data": {"pipeline": "chain"}, "files": FILE}, "invalid-request"),
    ("POST", DOCUMENTS, {"data": {"pipeline": "filed", "priority": "high"}, "files": FILE}, "invalid-request"),
    ("POST", DOCUMENTS, {"content": b"x", "headers": {"content-type": "multipart/form-data"}}, "malformed-body"),
]


FIELDS = (
    ("deadline", {"delay": 9, "deadline": 5}),
    ("lanes", {"lanes": {"one": "moon"}}),
    ("lanes", {"lanes": {"nine": "gpu"}}),
    ("unique", {"unique": "two words"}),
)


@pytest.mark.parametrize(("field", "wrong"), FIELDS)
async def test_the_field_that_is_wrong_is_pointed_at(
    client: httpx.AsyncClient, field: str, wrong: dict[str, Any]
) -> None:
    answer = await client.post(DOCUMENTS, json={"pipeline": "chain", "text": "x", **wrong})
    assert [fault["pointer"] for fault in check(answer, "invalid-request")["errors"]] == [f"#/{field}"]


def check(answer: httpx.Response, kind: str) -> dict[str, Any]:
    """A problem of that kind, as the standard has it."""
    body: dict[str, Any] = answer.json()
    assert body["type"] == f"/problems/{kind}", body
    assert (answer.status_code, body["status"], body["title"]) == (KINDS[kind][0], *KINDS[kind])
    assert answer.headers["content-type"] == "application/problem+json"
    assert body["detail"]
    assert "Traceback" not in answer.text
    return body


@pytest.mark.parametrize(("method", "path", "request_", "kind"), CASES)
async def test_what_is_wrong_is_a_problem(
    client: httpx.AsyncClient, method: str, path: str, request_: dict[str, Any], kind: str
) -> None:
    """Each fault has its type and its status."""
    body = check(await client.request(method, path, **request_), kind)
    assert body["instance"] == path.partition("?")[0]


async def test_faults_are_told_together_with_pointers(client: httpx.AsyncClient) -> None:
    """A JSON pointer for what is in the body, the parameter's name for what is in the address."""
    wrong = {"priority": 10, "delay": -1, "lanes": {"a/b": 1}, "colour": "red"}
    body = check(await client.post(DOCUMENTS, json=wrong), "invalid-request")
    assert {fault["pointer"] for fault in body["errors"]} == {"#/priority", "#/delay", "#/lanes/a~1b", "#/colour"}
    assert "less than or equal to 9" in body["detail"]
    for given, name in (({}, "text"), ({"text": 1}, "text"), ({"text": "a", "a/b": 1}, "a~1b")):
        body = check(await client.post(DOCUMENTS, json={"pipeline": "chain", "parameters": given}), "invalid-request")
        assert [fault["pointer"] for fault in body["errors"]] == [f"#/parameters/{name}"]
    body = check(await client.get(f"{DOCUMENTS}?limit=999"), "invalid-request")
    assert body["errors"][0]["parameter"] == "limit"


async def test_the_allowed_values_are_named(client: httpx.AsyncClient) -> None:
    """What may be said instead."""
    assert "shouting" in (await client.post(DOCUMENTS, json={"pipeline": "nothing"})).json()["detail"]
    lanes = {"pipeline": "chain", "text": "x", "lanes": {"one": "moon"}}
    assert "cpu" in (await client.post(DOCUMENTS, json=lanes)).json()["detail"]


async def test_every_method_of_an_address_is_named(client: httpx.AsyncClient) -> None:
    """Whichever part of the API answers to each."""
    for address, allowed in (
        (DOCUMENTS, "GET, POST"),
        (f"{DOCUMENTS}/0-000", "GET, PATCH, DELETE"),
        ("/healthz", "GET"),
    ):
        answer = await client.put(address)
        assert allowed in check(answer, "method-not-allowed")["detail"]
        assert answer.headers["allow"] == allowed


async def test_too_large_is_refused_by_what_is_declared_and_by_what_comes(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No body is read to its end only to be refused."""
    check(await client.post(DOCUMENTS, content=b'"' + b"x" * bodies.LARGEST_JSON, headers=JSON), "too-large")

    async def drip() -> AsyncGenerator[bytes]:
        for _ in range(bodies.LARGEST_JSON // 65536 + 1):
            yield b" " * 65536

    check(await client.post(DOCUMENTS, content=drip(), headers=JSON), "too-large")
    monkeypatch.setattr(bodies, "LARGEST_UPLOAD", 1000)
    check(await client.post(DOCUMENTS, files={"file": ("a", b"x" * 1000)}), "too-large")


async def test_a_fault_of_our_own_tells_nothing_of_the_inside(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """500 without a traceback."""

    async def broken(*_: object) -> None:
        raise RuntimeError("a secret")

    monkeypatch.setattr(Mill, "get", broken)
    answer = await client.get(f"{DOCUMENTS}/0-000")
    check(answer, "internal")
    assert "secret" not in answer.text


async def test_a_blob_store_that_refuses(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """503: it is nobody's fault who submits."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("orchestrator.submitting.store_source", full)
    answer = await client.post(DOCUMENTS, data={"pipeline": "filed"}, files=FILE)
    assert "No space left" in check(answer, "storage-failed")["detail"]
    assert answer.headers["retry-after"]


async def test_a_step_that_there_is_not(client: httpx.AsyncClient) -> None:
    """The steps that there are, are named."""
    document = (await client.post(DOCUMENTS, json={"pipeline": "chain", "text": "x"})).json()["id"]
    body = check(await client.get(f"{DOCUMENTS}/{document}/result?step=nine"), "unknown-step")
    assert "one, two, three, four" in body["detail"]
