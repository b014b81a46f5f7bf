"""Dead letters over REST, and trying all of a kind again."""

from typing import Any

import httpx

from tests.api.test_problems import check
from tests.support.engine import Engine
from tests.support.pipelines import chain, moods

DEAD = "/v1/dead-letters"


def fail(engine: Engine, **more: Any) -> str:
    """A document that failed of a ValueError in its first step."""
    document = engine.submit(chain, text="a", **more)
    slot = engine.slot(f"w/{document}", lanes=("cpu",))
    slot.fail(slot.take(), how="fatal")
    return document


async def retry(client: httpx.AsyncClient, **asked: Any) -> dict[str, Any]:
    answer = await client.post(f"{DEAD}/retry", json=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_what_failed_and_of_what(client: httpx.AsyncClient, engine: Engine) -> None:
    failed = [fail(engine) for _ in range(3)]
    engine.submit(moods, text="a")
    told = (await client.get(DEAD, params={"limit": 2})).json()
    assert (told["total"], told["kinds"]) == (3, [{"step": "one", "error": "ValueError", "count": 3}])
    assert [letter["document"] for letter in told["letters"]] == failed[:0:-1]
    assert {letter["why"] for letter in told["letters"]} == {"broken"}
    assert (await client.get(DEAD, params={"error": "LLMDown"})).json()["letters"] == []


async def test_a_dry_run_names_the_count_and_changes_nothing(client: httpx.AsyncClient, engine: Engine) -> None:
    failed = [fail(engine) for _ in range(3)]
    assert await retry(client, error="ValueError", dry_run=True) == {
        "count": 3, "dry_run": True, "more": False, "words": {},
    }  # fmt: skip
    assert {engine.head(document)["status"] for document in failed} == {"failed"}
    assert (await retry(client, error="LLMDown"))["count"] == 0
    assert (await retry(client, pipeline="moods"))["count"] == 0
    told = await retry(client, error="ValueError", pipeline="chain")
    assert (told["count"], told["words"]) == (3, {"revived": 3})
    assert {engine.head(document)["one.state"] for document in failed} == {"ready"}


async def test_so_many_at_most(client: httpx.AsyncClient, engine: Engine) -> None:
    for _ in range(5):
        fail(engine)
    assert (await retry(client, most=3))["more"]
    rest = await retry(client, most=3)
    assert (rest["count"], rest["more"]) == (2, False)


async def test_from_a_step(client: httpx.AsyncClient, engine: Engine) -> None:
    fail(engine)
    assert (await retry(client, **{"from": "nine"}))["words"] == {"no-step": 1}
    assert (await retry(client, **{"from": "one"}))["words"] == {"revived": 1}


async def test_what_cannot_be_asked(client: httpx.AsyncClient) -> None:
    for wrong in ({"most": 0}, {"colour": 1}, {"since": "2026-01-01T00:00:00"}, {"flag": "NOT A FLAG"}):
        check(await client.post(f"{DEAD}/retry", json=wrong), "invalid-request")
    check(await client.post(f"{DEAD}/retry"), "unsupported-media-type")
