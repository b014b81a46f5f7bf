"""Requests that are too large, too deep, or speak of other places; what a file's name or its text says is never run."""

from typing import Any

import httpx
import pytest

from api.bodies import LARGEST_JSON
from tests.api.test_problems import check
from tests.support.engine import Engine

DOCUMENTS = "/v1/documents"
JSON = {"content-type": "application/json"}
SCRIPT = "<script>alert(1)</script>"
DEEP = "[" * 100_000


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (DEEP, "invalid-request"),
        ('{"pipeline": "chain", "text": "x", "parameters": {"a": ' + DEEP + "}}", "invalid-request"),
        ('{"a":' * 100_000, "invalid-request"),
        ('{"text": "' + "x" * LARGEST_JSON + '"}', "too-large"),
        ('{"priority": ' + "9" * 100_000 + "}", "invalid-request"),
        ('{"pipeline": "chain", "text": "x", "delay": 1e999}', "invalid-request"),
        ('{"__proto__": {"admin": true}, "pipeline": "chain", "text": "x"}', "invalid-request"),
        ('{"pipeline": "chain", "text": "x", "tenant": "other"}', "invalid-request"),
        ('{"pipeline": "chain", "text": "x", "lanes": {"one": "cpu deadline=1"}}', "invalid-request"),
        ('{"pipeline": "../../etc/passwd", "text": "x"}', "unknown-pipeline"),
    ],
    ids=range(10),
)
async def test_json_that_would_hurt_is_refused(client: httpx.AsyncClient, body: str, kind: str) -> None:
    check(await client.post(DOCUMENTS, content=body, headers=JSON), kind)
    assert (await client.get(DOCUMENTS)).json()["documents"] == []


@pytest.mark.parametrize("name", ["parameters", "lanes"])
async def test_a_forms_json_is_judged_likewise(client: httpx.AsyncClient, name: str) -> None:
    answer = await client.post(DOCUMENTS, data={"pipeline": "filed", name: DEEP}, files={"file": ("a", b"x")})
    check(answer, "invalid-request")


async def test_a_form_of_thousands_of_fields_is_refused(client: httpx.AsyncClient) -> None:
    fields: dict[str, Any] = {f"f{n}": "x" for n in range(1000)}
    check(await client.post(DOCUMENTS, data=fields, files={"file": ("a", b"x")}), "malformed-body")
    many = [("file", (f"{n}", b"x")) for n in range(100)]
    check(await client.post(DOCUMENTS, data={"pipeline": "filed"}, files=many), "malformed-body")


@pytest.mark.parametrize(
    "named", ["../x", "0-1/../../x", "%2e%2e%2fx", "0-1%00", "0-1%0d%0aSet-Cookie:%20a=b", "*", "doc:*"]
)
async def test_an_id_is_an_id(client: httpx.AsyncClient, named: str) -> None:
    """It is a part of key names and of paths: nothing but an id gets that far; and no answer has what it smuggles in."""
    for rest in ("", "/result", "/events"):
        answer = await client.get(f"{DOCUMENTS}/{named}{rest}")
        assert answer.status_code == 404
        assert answer.headers["content-type"] == "application/problem+json"
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("key", ["a b", "a\tb", "ü", "x" * 200, "a:b c"])
async def test_a_name_that_would_reach_into_another_key_is_refused(client: httpx.AsyncClient, key: str) -> None:
    wanted = {"pipeline": "chain", "text": "x"}
    check(await client.post(DOCUMENTS, json=wanted | {"unique": key}), "invalid-request")
    headers = [(b"Idempotency-Key", key.encode())]
    check(await client.post(DOCUMENTS, json=wanted, headers=headers), "invalid-request")


async def test_a_script_in_a_name_or_a_text_leaves_as_data(client: httpx.AsyncClient, engine: Engine) -> None:
    """Stored XSS: whatever the form of the answer, no browser takes it for a page."""
    files = {"file": (f'"{SCRIPT}.html', SCRIPT.encode())}
    first = (await client.post(DOCUMENTS, data={"pipeline": "filed"}, files=files)).json()["id"]
    second = (await client.post(DOCUMENTS, json={"pipeline": "chain", "text": SCRIPT})).json()["id"]
    engine.slot().work_off(SCRIPT)
    seen = 0
    for document in (first, second):
        for rest in ("", "/result", "/why", "/events"):
            for accept in ("text/html", "text/plain", "*/*"):
                answer = await client.get(f"{DOCUMENTS}/{document}{rest}", headers={"Accept": accept})
                assert "html" not in answer.headers["content-type"]
                assert "svg" not in answer.headers["content-type"]
                assert answer.headers["x-content-type-options"] == "nosniff"
                assert "default-src 'none'" in answer.headers["content-security-policy"]
                seen += SCRIPT in answer.text
    assert seen


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Host": "evil.example"}, "misdirected"),
        ({"Host": "localhost.evil.example"}, "misdirected"),
        ({"Host": "127.0.0.1.evil.example:8700"}, "misdirected"),
        ({"Host": "[::1"}, "misdirected"),
        ({"Origin": "https://evil.example"}, "foreign-site"),
        ({"Origin": "null"}, "foreign-site"),
        ({"Origin": "http://localhost:3000"}, "foreign-site"),
    ],
)
async def test_no_page_of_another_site_reaches_an_api_that_asks_for_no_key(
    client: httpx.AsyncClient, headers: dict[str, str], kind: str
) -> None:
    """A form on any page can be sent to this machine, and a name can be made to lead here."""
    answer = await client.post(DOCUMENTS, data={"pipeline": "filed"}, files={"file": ("a", b"x")}, headers=headers)
    check(answer, kind)
    assert (await client.get(DOCUMENTS, headers={"Origin": "http://localhost"})).json()["documents"] == []
