"""API keys: who is let in, to do what, how often; and how soon a revoked one is not."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.scopes import ANY, NEEDED, is_public, scope_for
from orchestrator.access import keeping
from orchestrator.settings import Settings
from tests.api.keyed import holding, keyring_of, new_key
from tests.api.test_problems import check
from tests.support.server import Server

DOCUMENTS = "/v1/documents"
CHAIN = {"pipeline": "chain", "text": "x"}


@pytest.fixture
async def app(settings: Settings) -> AsyncGenerator[FastAPI]:
    """An application as a network sees it, running."""
    made = create_app(settings, "0.0.0.0")
    async with made.router.lifespan_context(made):
        yield made


async def test_without_a_key_nothing_is_answered_but_what_is_for_all(app: FastAPI) -> None:
    """Addresses that do not exist too: nothing can be found out."""
    client = holding(app, None)
    for path in (DOCUMENTS, "/v1/nowhere", "/metrics", "/v1/pipelines"):
        answer = await client.get(path)
        assert "docmill keys create" in check(answer, "no-key")["detail"]
        assert answer.headers["www-authenticate"].startswith("Bearer")
    for path in ("/healthz", "/openapi.json"):
        assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize("shown", ["Bearer", "Bearer x", "Basic YTpi", "Bearer dm_00000000_" + "x" * 43])
async def test_what_is_no_key_opens_nothing(app: FastAPI, shown: str) -> None:
    check(await holding(app, None).get(DOCUMENTS, headers={"Authorization": shown}), "no-key")


async def test_a_key_whose_last_letter_is_wrong_opens_nothing(app: FastAPI, server: Server) -> None:
    key = await new_key(server.url, "a", "read")
    assert (await holding(app, key).get(DOCUMENTS)).status_code == 200
    check(await holding(app, key[:-1] + ("A" if key[-1] != "A" else "B")).get(DOCUMENTS), "no-key")


async def test_only_a_digest_is_kept(server: Server) -> None:
    key = await new_key(server.url, "a", "read")
    assert key.split("_", 2)[2] not in str(server.redis.hgetall("docmill:{s0}:keys"))


@pytest.mark.parametrize(
    ("method", "path", "needed"),
    [
        ("GET", DOCUMENTS, "read"),
        ("POST", DOCUMENTS, "submit"),
        ("GET", "/v1/workers", "watch"),
        ("POST", "/v1/lanes/cpu/pause", "operate"),
    ],
)
async def test_a_key_does_what_its_scopes_say(
    app: FastAPI, server: Server, method: str, path: str, needed: str
) -> None:
    others = [scope for scope in ("submit", "read", "watch", "operate") if scope != needed and needed != "watch"] or [
        "read"
    ]
    refused = await holding(app, await new_key(server.url, "a", *others)).request(method, path, json=CHAIN)
    assert repr(needed) in check(refused, "scope-missing")["detail"]
    for scope in (needed, "admin"):
        answer = await holding(app, await new_key(server.url, "a", scope)).request(method, path, json=CHAIN)
        assert answer.is_success


async def test_every_route_has_a_scope_of_its_own(app: FastAPI) -> None:
    """One that is forgotten is for `admin` only, and is found here."""
    paths: dict[str, Any] = app.openapi()["paths"]
    assert [path for path in paths if not is_public(path) and scope_for("GET", path) == "admin"] == []
    assert {needed for pair in NEEDED.values() for needed in pair} == {"read", "submit", "watch", "operate", ANY}


async def test_a_revoked_key_is_known_for_seconds_only(
    app: FastAPI, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read of it is used again meanwhile, so that not every request asks Redis."""
    key = await new_key(server.url, "a", "read")
    client = holding(app, key)
    assert (await client.get(DOCUMENTS)).status_code == 200
    async with keyring_of(server.url) as keyring:
        await keyring.revoke(key)
    assert (await client.get(DOCUMENTS)).status_code == 200, "remembered"
    assert keeping.FRESH <= 5
    monkeypatch.setattr(keeping, "FRESH", 0.0)
    check(await client.get(DOCUMENTS), "no-key")


async def test_a_key_that_asks_too_often_is_told_when_to_come_back(app: FastAPI, server: Server) -> None:
    client = holding(app, await new_key(server.url, "a", "read", rate="2/h"))
    first = await client.get(DOCUMENTS)
    assert first.headers["ratelimit-policy"] == '"key";q=2;w=3600'
    assert first.headers["ratelimit"].startswith('"key";r=1;t=')
    assert (await client.get(DOCUMENTS)).headers["ratelimit"].startswith('"key";r=0;')
    refused = await client.get(DOCUMENTS)
    check(refused, "rate-limited")
    assert 1790 <= int(refused.headers["retry-after"]) <= 1800
    other = holding(app, await new_key(server.url, "a", "read", rate="2/h"))
    assert (await other.get(DOCUMENTS)).status_code == 200, "each key has a rate of its own"
    (spent,) = server.redis.keys("*:spent:" + str(client.headers["authorization"]).split("_")[1])
    server.redis.incrby(spent, -1_800_000_000)
    assert (await client.get(DOCUMENTS)).status_code == 200, "half an hour later"


async def test_a_key_asks_for_no_more_than_its_priority(app: FastAPI, server: Server) -> None:
    client = holding(app, await new_key(server.url, "a", "submit", "read", most_priority=3))
    check(await client.post(DOCUMENTS, json=CHAIN | {"priority": 4}), "priority-not-allowed")
    for asked, given in (({}, 3), ({"priority": 2}, 2)):
        answer = await client.post(DOCUMENTS, json=CHAIN | asked)
        assert (await client.get(answer.headers["location"])).json()["priority"] == given


async def test_on_its_own_machine_no_key_is_asked_for_until_there_is_one(
    settings: Settings, server: Server, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await client.get(DOCUMENTS)).status_code == 200
    key = await new_key(server.url, "a", "read")
    monkeypatch.setattr(keeping, "FRESH", 0.0)
    check(await client.get(DOCUMENTS), "no-key")
    assert (await client.get(DOCUMENTS, headers={"Authorization": f"Bearer {key}"})).status_code == 200
