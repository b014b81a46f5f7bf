"""Lanes, workers, models, readiness: what who runs docmill asks for."""

from typing import Any

import httpx
import pytest

from tests.api.test_problems import check
from tests.support.engine import Engine, Hand
from tests.support.pipelines import chain, moods, shouting


def announce(engine: Engine, lanes: str, **facts: str) -> Hand:
    """A worker, as its supervisor tells of it."""
    slot = engine.slot("w/0")
    told = {"lanes": lanes, "slots": "1", "host": "here", "serves": " ".join(engine.pipelines), **facts}
    engine.transport.send(slot.supervision.renew(slot.slots, told))
    return slot


async def test_lanes(client: httpx.AsyncClient, engine: Engine) -> None:
    for priority in (5, 5, 9):
        engine.submit(chain, text="a", priority=priority)
    announce(engine, "cpu")
    (lane,) = (await client.get("/v1/lanes")).json()["lanes"]
    assert (lane["name"], lane["ready"], lane["by_priority"][0], lane["by_priority"][4]) == ("cpu", 3, 1, 2)
    assert lane["bounds"] == {"rate": None, "burst": None, "most": None}
    assert (await client.get("/v1/lanes/cpu")).json()["ready"] == 3


async def test_bounds_of_a_lane(client: httpx.AsyncClient) -> None:
    """What is left out stays; null takes a bound away; a lane that was never used can be bound."""
    first = await client.patch("/v1/lanes/llm", json={"rate": 2.5, "burst": 3, "most": 100})
    assert first.json()["bounds"] == {"rate": 2.5, "burst": 3, "most": 100}, first.text
    second = await client.patch("/v1/lanes/llm", json={"most": None})
    assert second.json()["bounds"] == {"rate": 2.5, "burst": 3, "most": None}
    assert (await client.get("/v1/lanes/llm")).json()["bounds"]["rate"] == 2.5
    for wrong in ({"rate": 0}, {"most": -1}, {"burst": 1.5}, {"colour": 1}):
        check(await client.patch("/v1/lanes/llm", json=wrong), "invalid-request")


async def test_a_lane_is_paused_and_goes_on(client: httpx.AsyncClient, engine: Engine) -> None:
    engine.submit(chain, text="a")
    slot = engine.slot()
    assert (await client.post("/v1/lanes/cpu/pause")).json()["paused"]
    assert slot.claim().word == "paused"
    assert not (await client.post("/v1/lanes/cpu/resume")).json()["paused"]
    assert slot.take()


async def test_a_lane_that_nobody_used_yet(client: httpx.AsyncClient) -> None:
    lane = (await client.get("/v1/lanes/gpu")).json()
    assert (lane["name"], lane["ready"], lane["slots"], lane["by_priority"]) == ("gpu", 0, 0, [0] * 10)


@pytest.mark.parametrize(("method", "after"), [("GET", ""), ("PATCH", ""), ("POST", "/pause"), ("POST", "/resume")])
async def test_a_lane_that_there_is_not(client: httpx.AsyncClient, method: str, after: str) -> None:
    asked: dict[str, Any] = {"json": {"rate": 1}} if method == "PATCH" else {}
    body = check(await client.request(method, f"/v1/lanes/moon{after}", **asked), "unknown-lane")
    assert "cpu" in body["detail"]


async def test_a_worker_is_drained(client: httpx.AsyncClient, engine: Engine) -> None:
    """Its supervisor hears of it by its next renewal; once it has ended there is nothing left to ask."""
    slot = announce(engine, "cpu")
    assert (await client.get("/v1/workers/w")).json()["state"] == "alive"
    answer = await client.post("/v1/workers/w/drain")
    assert (answer.status_code, answer.json()["state"]) == (202, "draining")
    assert slot.renew().drain
    engine.transport.send(slot.supervision.renew({}, {"ended": "1"}))
    check(await client.post("/v1/workers/w/drain"), "already-ended")
    for method, after in (("GET", ""), ("POST", "/drain")):
        check(await client.request(method, f"/v1/workers/nobody{after}"), "unknown-worker")


async def test_models(client: httpx.AsyncClient, engine: Engine) -> None:
    """What a worker has loaded, which steps need it, and what is in the catalogue."""
    told = '{"models": [{"name": "reader", "bytes": 7, "pinned": true, "loads": 2}], "lanes": ["gpu"]}'
    announce(engine, "gpu", **{"slot.0": told})
    models = {model["name"]: model for model in (await client.get("/v1/models")).json()["models"]}
    (place,) = models["reader"]["loaded"]
    assert (place["worker"], place["slot"], place["bytes"], place["pinned"], place["loads"]) == ("w", "w/0", 7, True, 2)
    assert not models["reader"]["known"]


async def test_ready_with_a_worker_for_every_lane(client: httpx.AsyncClient, engine: Engine) -> None:
    used = {call.step.lane for pipeline in (chain, moods, shouting) for call in pipeline.calls.values()} | {"cpu"}
    answer = await client.get("/readyz")
    assert "docmill worker" in check(answer, "not-ready")["detail"]
    assert answer.headers["retry-after"]
    announce(engine, " ".join(used - {"cpu"}))
    assert "lane cpu" in check(await client.get("/readyz"), "not-ready")["detail"]
    announce(engine, " ".join(used))
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()) == (200, {"status": "ready", "lanes": dict.fromkeys(sorted(used), True)})


async def test_version(client: httpx.AsyncClient) -> None:
    told = (await client.get("/version")).json()
    assert told["version"] == (await client.get("/openapi.json")).json()["info"]["version"]
    assert told["pipelines"]["chain"] == chain.version
