"""Schedules over REST."""

from typing import Any

import httpx
import pytest

from tests.api.test_problems import check
from tests.support.engine import Engine

SCHEDULES = "/v1/schedules"
NIGHTLY: dict[str, Any] = {"name": "nightly", "cron": "30 2 * * *", "pipeline": "chain", "parameters": {"text": "a"}}


async def test_its_whole_life(client: httpx.AsyncClient, engine: Engine) -> None:
    made = await client.post(SCHEDULES, json={**NIGHTLY, "zone": "Europe/Berlin", "priority": 7})
    assert (made.status_code, made.headers["location"]) == (201, f"{SCHEDULES}/nightly"), made.text
    again = await client.post(SCHEDULES, json={**NIGHTLY, "zone": "Europe/Berlin", "priority": 7})
    assert (again.status_code, again.json()) == (200, made.json())
    body = check(await client.post(SCHEDULES, json=NIGHTLY), "schedule-differs")
    assert "PUT replaces it" in body["detail"]
    terms = {name: value for name, value in NIGHTLY.items() if name != "name"}
    changed = await client.put(f"{SCHEDULES}/nightly", json={**terms, "cron": "@daily"})
    assert (changed.status_code, changed.json()["kept"]["schedule"]["cron"]) == (200, "@daily")
    assert [kept["schedule"]["name"] for kept in (await client.get(SCHEDULES)).json()["schedules"]] == ["nightly"]
    assert (await client.post(f"{SCHEDULES}/nightly/pause")).json()["kept"]["paused_at"]
    assert (await client.post(f"{SCHEDULES}/nightly/resume")).json()["kept"]["next_at"]
    ran = await client.post(f"{SCHEDULES}/nightly/run")
    assert (ran.status_code, ran.headers["location"]) == (202, f"/v1/documents/{ran.json()['id']}")
    assert engine.head(ran.json()["id"])["schedule"] == "nightly"
    told = (await client.get(f"{SCHEDULES}/nightly")).json()
    assert (told["kept"]["document"], len(told["log"])) == (ran.json()["id"], 1)
    assert (await client.delete(f"{SCHEDULES}/nightly")).status_code == 204
    check(await client.get(f"{SCHEDULES}/nightly"), "unknown-schedule")


async def test_put_adds_too(client: httpx.AsyncClient) -> None:
    terms = {name: value for name, value in NIGHTLY.items() if name != "name"}
    assert (await client.put(f"{SCHEDULES}/weekly", json=terms)).status_code == 201


async def test_one_that_has_not_ended_stands_in_the_way(client: httpx.AsyncClient) -> None:
    await client.post(SCHEDULES, json={**NIGHTLY, "overlap": "skip"})
    assert (await client.post(f"{SCHEDULES}/nightly/run")).status_code == 202
    check(await client.post(f"{SCHEDULES}/nightly/run"), "unique-name-taken")


@pytest.mark.parametrize(
    "wrong",
    [
        {"cron": "61 * * * *"},
        {"cron": "* * *"},
        {"zone": "Moon/Base"},
        {"name": "a b"},
        {"parameters": {"colour": 1}},
        {"overlap": "maybe"},
        {"pipeline": "filed"},
        {"lanes": {"one": "moon"}},
        {"deadline": 0},
    ],
)
async def test_what_could_never_run(client: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
    answer = await client.post(SCHEDULES, json={**NIGHTLY, **wrong})
    told = check(answer, "invalid-request")
    field = next(iter(wrong))
    if field in {"cron", "zone", "overlap", "lanes"}:
        assert [fault["pointer"] for fault in told["errors"]] == [f"#/{field}"]


async def test_a_pipeline_that_there_is_not(client: httpx.AsyncClient) -> None:
    check(await client.post(SCHEDULES, json={**NIGHTLY, "pipeline": "nothing"}), "unknown-pipeline")


@pytest.mark.parametrize("name", ["none", "nightly:log", "a b"])
async def test_one_that_there_is_not(client: httpx.AsyncClient, name: str) -> None:
    """Also where another key would have that name."""
    await client.post(SCHEDULES, json=NIGHTLY)
    await client.post(f"{SCHEDULES}/nightly/run")
    for method, after in (("GET", ""), ("DELETE", ""), ("POST", "/pause"), ("POST", "/resume"), ("POST", "/run")):
        check(await client.request(method, f"{SCHEDULES}/{name}{after}"), "unknown-schedule")
