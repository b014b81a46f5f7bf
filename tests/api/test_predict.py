"""`/v1/predict`: one input or a list, as a client of a model server expects it."""

from pathlib import Path
from typing import Any

import httpx
import pytest

from api.app import create_app
from examples.predict import CENTRES, save_model
from orchestrator.settings import Settings
from tests.api.conftest import Connect
from tests.api.test_problems import check
from tests.support.server import Server
from tests.support.workers import running_worker

PREDICT = "/v1/predict"
BUILT_IN = ("worker.pipelines.predict:predict", "worker.pipelines.predict:predict_batch")


@pytest.fixture
async def predicting(settings: Settings, connect: Connect) -> httpx.AsyncClient:
    """The API with docmill's own pipelines."""
    return await connect(create_app(settings.model_copy(update={"pipelines": BUILT_IN})))


@pytest.mark.filterwarnings("ignore:`torch.jit")
async def test_one_input_and_a_list_through_a_real_model(
    predicting: httpx.AsyncClient, server: Server, tmp_path: Path
) -> None:
    save_model(tmp_path / "flowers.pt")
    setosa, virginica = CENTRES["setosa"], CENTRES["virginica"]
    model = {"predict_model": str(tmp_path / "flowers.pt"), "pipelines": ",".join(BUILT_IN), "standby": "0"}
    with running_worker(server.url, tmp_path, slots="gpu*1", **model):
        one = await predicting.post(PREDICT, headers={"Prefer": "wait=60"}, json={"input": setosa})
        assert (one.status_code, one.headers["preference-applied"]) == (200, "wait=60"), one.text
        assert (one.json()["status"], one.json()["result"]["class"]) == ("succeeded", "setosa")
        many = await predicting.post(PREDICT, json={"inputs": [setosa, virginica]})
        assert (many.status_code, many.headers["location"]) == (202, f"{PREDICT}/{many.json()['id']}")
        told: dict[str, Any] = (await predicting.get(many.headers["location"], params={"wait": 30})).json()
        assert [each["class"] for each in told["result"]["results"]] == ["setosa", "virginica"]
        assert (told["result"]["total"], told["error"]) == (2, None)
        wrong = (await predicting.post(PREDICT, params={"wait": 30}, json={"input": ["a"]})).json()
        assert (wrong["status"], wrong["result"]) == ("failed", None)
        assert wrong["error"]


async def test_what_cannot_be_asked(predicting: httpx.AsyncClient, client: httpx.AsyncClient) -> None:
    for body in ({}, {"input": [1], "inputs": [[1]]}, {"input": 1}, {"input": [1], "priority": 10}):
        check(await predicting.post(PREDICT, json=body), "invalid-request")
    check(await predicting.get(f"{PREDICT}/0-000"), "unknown-document")
    check(await client.post(PREDICT, json={"input": [1]}), "unknown-pipeline")
    other = (await client.post("/v1/documents", json={"pipeline": "chain", "text": "a"})).json()["id"]
    check(await client.get(f"{PREDICT}/{other}"), "unknown-document")
