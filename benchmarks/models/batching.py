"""The same network one by one, in batches of waiting jobs, and over one list."""

import statistics
from datetime import datetime

from benchmarks.figures import Figures
from benchmarks.models.setting import Setting, numbers, submit_all
from benchmarks.processes import Stuck
from orchestrator.client import Mill

DOCUMENTS = 2000
SKIP = 5
"""Passes that are not counted: the first ones compile."""
RUNS = 5
"""Of which the median counts."""
LIMIT = 60.0


async def measure_batching(setting: Setting) -> Figures:
    """Documents a second."""
    single, _ = await _median_rate(setting, "one")
    together, size = await _median_rate(setting, "batched")
    return {
        "one_by_one_documents_per_second": single,
        "batched_documents_per_second": together,
        "documents_per_batch": size,
        "list_inputs_per_second": await _one_list(setting),
    }


async def _median_rate(setting: Setting, pipeline: str) -> tuple[float, float]:
    """Of several runs: one takes less than a second."""
    return sorted([await _rate(setting, pipeline) for _ in range(RUNS)])[RUNS // 2]


async def _rate(setting: Setting, pipeline: str) -> tuple[float, float]:
    """Documents a second while more wait, and documents a pass."""
    side = setting.side()
    async with side.mill() as mill:
        await submit_all(mill, DOCUMENTS, lambda number: (pipeline, {"input": numbers(number)}))
        with side.worker() as worker:
            setting.until(worker, DOCUMENTS)
    return setting.strip.per_second(SKIP), DOCUMENTS / len(setting.strip.runs)


async def _one_list(setting: Setting) -> float:
    """Inputs a second of one `predict_batch`: reading them, one pass, storing what came out."""
    side = setting.side()
    async with side.mill() as mill:
        with side.worker(predict_chunk=str(DOCUMENTS)):
            times = [await _predict(mill) for _ in range(SKIP)]
    return DOCUMENTS / statistics.median(times)


async def _predict(mill: Mill) -> float:
    """Seconds of one."""
    document = await mill.submit("predict_batch", {"inputs": [numbers(number) for number in range(DOCUMENTS)]})
    found = await mill.wait(document, LIMIT)
    if (done := (await mill.output(document, "predict_batch"))["done"]) != DOCUMENTS:
        raise Stuck(f"predict_batch is {found.status}: {done} of {DOCUMENTS} inputs")
    step = found.steps[0]
    begun, ended = (datetime.fromisoformat(at or "") for at in (step.started_at, step.finished_at))
    return (ended - begun).total_seconds()
