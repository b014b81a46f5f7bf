"""`predict` through a real worker: submitted, run by its gpu slot, read back."""

from pathlib import Path

from orchestrator.client import Mill
from orchestrator.settings import DEFAULT_PIPELINES, Settings
from tests.models.making import CLASSES, inputs, name_classes, scripted
from tests.support.server import Server
from tests.support.workers import running_worker

PREDICT = [name for name in DEFAULT_PIPELINES if "predict" in name]
LARGE = 3000
"""Inputs: more than travels inside Redis."""


async def test_one_input_a_long_list_and_a_wrong_one(server: Server, tmp_path: Path) -> None:
    path = scripted(tmp_path / "network.pt")
    name_classes(path, CLASSES)
    settings = Settings(redis_url=server.url, data_dir=tmp_path / "data", pipelines=tuple(PREDICT))
    own = {"slots": "gpu*1", "pipelines": ",".join(PREDICT), "predict_model": str(path), "vram_budget": "300MB"}
    with running_worker(server.url, tmp_path, **own):
        async with Mill.connect(server.url, settings) as mill:
            many = await mill.wait(await mill.submit("predict_batch", {"inputs": inputs(LARGE)}), 60)
            one = await mill.wait(await mill.submit("predict", {"input": inputs(8)[7]}), 60)
            wrong = await mill.wait(await mill.submit("predict", {"input": [1.0, 2.0]}), 60)
            results = await mill.output(many.id, "predict_batch")
            result = await mill.output(one.id, "predict")
    assert (many.status, one.status, wrong.status) == ("succeeded", "succeeded", "failed")
    assert (results["done"], results["total"], results["stopped"]) == (LARGE, LARGE, None)
    assert result["class"] in CLASSES and result["class"] == results["results"][7]["class"]
    assert wrong.error is not None and "does not take an input of shape [2]" in wrong.error
    assert wrong.steps[0].attempts <= 1, "no retry can help"
