"""What belongs to another tenant is answered as what was never there, by every route; and lists have none of it."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from api.scopes import is_public, scope_for
from orchestrator.ids import new_id
from orchestrator.settings import Settings
from tests.api.conftest import PIPELINES
from tests.api.keyed import holding, new_key
from tests.support.engine import Engine
from tests.support.server import Server

SHARED = {"pipeline", "lane", "worker", "name"}
"""What belongs to no tenant."""
OWNED = {"document", "batch", "webhook", "delivery"}
ROUTES = [
    (method.upper(), path)
    for path, operations in create_app(Settings(pipelines=PIPELINES)).openapi()["paths"].items()
    for method in operations
    if "{" in path
]


def named_in(path: str) -> set[str]:
    """The parameters of a path."""
    return {part.partition("}")[0] for part in path.split("{")[1:]}


@pytest.fixture
async def app(settings: Settings) -> AsyncGenerator[FastAPI]:
    """An application as a network sees it."""
    made = create_app(settings, "0.0.0.0")
    async with made.router.lifespan_context(made):
        yield made


@pytest.fixture
async def owned(app: FastAPI, server: Server) -> dict[str, str]:
    """What tenant a has: parameter -> id."""
    client = holding(app, await new_key(server.url, "a", "submit", "read"))
    document = (await client.post("/v1/documents", json={"pipeline": "chain", "text": "x"})).json()["id"]
    lines = [{"parameters": {"text": "x"}}]
    batch = (await client.post("/v1/batches", json={"pipeline": "chain", "lines": lines})).json()["id"]
    webhook = (await client.post("/v1/webhooks", json={"url": "https://example.org/hook"})).json()["id"]
    return {"document": document, "batch": batch, "webhook": webhook, "delivery": f"{document}.hook-{webhook}"}


@pytest.fixture
async def stranger(app: FastAPI, server: Server) -> httpx.AsyncClient:
    """Who may do all that no `admin` needs, for tenant b."""
    return holding(app, await new_key(server.url, "b", "submit", "read", "operate"))


def test_every_id_is_known_here() -> None:
    """A route with an id of a new kind must be looked at."""
    assert {name for _, path in ROUTES for name in named_in(path)} - SHARED == OWNED
    assert [path for _, path in ROUTES if is_public(path)] == []


@pytest.mark.parametrize(("method", "path"), [route for route in ROUTES if named_in(route[1]) & OWNED])
async def test_what_is_anothers_is_not_there(
    stranger: httpx.AsyncClient, owned: dict[str, str], server: Server, method: str, path: str
) -> None:
    """Status, words and headers: nothing tells the two apart; and nothing happens."""
    before = {key: server.redis.dump(key) for key in server.redis.keys("*doc:*")}

    async def told(ids: dict[str, str]) -> Any:
        answer = await stranger.request(method, path.format(**ids))
        text = answer.text
        for name, given in sorted(ids.items(), key=lambda pair: -len(pair[1])):  # one has others in it
            text = text.replace(given, name)
        return answer.status_code, text, sorted(set(answer.headers) - {"content-length"})

    unknown = await told(
        {
            "document": new_id(),
            "batch": new_id(),
            "webhook": owned["webhook"][::-1],
            "delivery": f"{new_id()}.hook-abcdefgh",
        }
    )
    assert await told(owned) == unknown
    assert unknown[0] == 404
    assert {key: server.redis.dump(key) for key in server.redis.keys("*doc:*")} == before


@pytest.mark.parametrize(
    ("method", "path"),
    [route for route in ROUTES if named_in(route[1]) & OWNED and route[0] == "GET" and "events" not in route[1]],
)
async def test_what_is_ones_own_is_there(
    app: FastAPI, owned: dict[str, str], server: Server, engine: Engine, method: str, path: str
) -> None:
    """Else the test above could not fail; `admin` sees it too."""
    engine.slot().work_off()
    for tenant, scope in (("a", scope_for(method, path)), ("b", "admin")):
        answer = await holding(app, await new_key(server.url, tenant, scope)).request(method, path.format(**owned))
        assert answer.status_code == (404 if "predict" in path else 200), answer.text


async def test_lists_have_nothing_of_others(
    app: FastAPI, stranger: httpx.AsyncClient, owned: dict[str, str], server: Server, engine: Engine
) -> None:
    slot = engine.slot()
    slot.fail(slot.take(), "fatal")
    for tenant, scope, some in (("b", "read", False), ("a", "read", True), ("b", "admin", True)):
        client = holding(app, await new_key(server.url, tenant, scope))
        for path in ("/v1/documents", "/v1/documents?tenant=a", "/v1/dead-letters"):
            assert (owned["document"] in (await client.get(path)).text) is some, (tenant, scope, path)
        assert (owned["batch"] in (await client.get("/v1/batches")).text) is some
    assert owned["webhook"] not in (await stranger.get("/v1/webhooks")).text


async def test_an_id_of_anothers_batch_cannot_be_filled(stranger: httpx.AsyncClient, owned: dict[str, str]) -> None:
    wanted = {"pipeline": "chain", "id": owned["batch"], "lines": [{"parameters": {"text": "y"}}]}
    assert (await stranger.post("/v1/batches", json=wanted)).status_code == 422


async def test_idempotency_keys_are_each_tenants_own(app: FastAPI, server: Server) -> None:
    ids: set[str] = set()
    for tenant in ("a", "b"):
        client = holding(app, await new_key(server.url, tenant, "submit"))
        wanted = {"pipeline": "chain", "text": tenant, "unique": "one"}
        answer = await client.post("/v1/documents", json=wanted, headers={"Idempotency-Key": "k"})
        ids.add(answer.json()["id"])
    assert len(ids) == 2


def test_what_is_not_declared_is_for_admins() -> None:
    assert scope_for("POST", "/v1/documents/x/cancel") == "submit"
    assert scope_for("GET", "/v1/nowhere") == "admin"


async def test_dead_letters_of_others_are_not_tried_again(
    stranger: httpx.AsyncClient, owned: dict[str, str], engine: Engine
) -> None:
    slot = engine.slot()
    slot.fail(slot.take(), "fatal")
    answer = await stranger.post("/v1/dead-letters/retry", json={})
    assert (answer.status_code, answer.json()["count"]) == (200, 0)
    assert engine.head(owned["document"])["status"] == "failed"
