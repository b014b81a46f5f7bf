"""What is measured: steps that need a model, alone and in batches."""

import time

from benchmarks.faults.journal import journal
from benchmarks.models.strip import strip
from orchestrator import Batch, Context, model, pipeline, step
from orchestrator.settings import Settings
from worker.models.torchscript import MODEL
from worker.steps.predict import Prediction, classify_many

LOADING = 0.2
"""Seconds."""
SIZE = 600_000_000
"""Bytes that each of two models declares; there is room for one."""
BUDGET = "1GB"
LARGEST = 16
"""Jobs of one batch."""
PIPELINES = (
    *(f"benchmarks.models.pipelines:{name}" for name in ("left", "right", "bare", "resident", "one", "batched")),
    "worker.pipelines.predict:predict_batch",
)


@model("left", bytes=SIZE)
def load_left(_: Settings) -> str:
    """One of two for which there is no room together."""
    return _slowly("left")


@model("right", bytes=SIZE)
def load_right(_: Settings) -> str:
    """The other."""
    return _slowly("right")


@model("small", bytes=1)
def load_small(_: Settings) -> str:
    """One that stays."""
    return "small"


@step(lane="gpu", model="left")
def on_left(document: str, ctx: Context) -> str:
    """Needs the one."""
    return _timed(ctx.model("left"))


@step(lane="gpu", model="right")
def on_right(document: str, ctx: Context) -> str:
    """Needs the other."""
    return _timed(ctx.model("right"))


@step(lane="gpu")
def on_nothing(document: str) -> str:
    """Needs no model."""
    return _timed(document)


@step(lane="gpu", model="small")
def on_small(document: str, ctx: Context) -> str:
    """Its model is resident."""
    return _timed(ctx.model("small"))


@step(lane="gpu", model=MODEL)
def predict_one(input: list[float], ctx: Context) -> Prediction:
    """One input in one pass."""
    classifier = ctx.model(MODEL)
    strip().begin()
    (found,) = classify_many(classifier, [input])
    strip().end()
    return found


@step(lane="gpu", model=MODEL, batch=Batch(LARGEST))
def predict_together(inputs: list[list[float]], ctx: Context) -> list[Prediction]:
    """The inputs of waiting jobs in one pass."""
    classifier = ctx.model(MODEL)
    strip().begin()
    found = classify_many(classifier, inputs)
    strip().end(len(inputs))
    return found


@pipeline()
def left(document: str) -> str:
    """One step with the one model."""
    return on_left(document)


@pipeline()
def right(document: str) -> str:
    """One step with the other."""
    return on_right(document)


@pipeline()
def bare(document: str) -> str:
    """One step without a model."""
    return on_nothing(document)


@pipeline()
def resident(document: str) -> str:
    """One step with a model that stays."""
    return on_small(document)


@pipeline()
def one(input: list[float]) -> Prediction:
    """One by one."""
    return predict_one(input)


@pipeline()
def batched(input: list[float]) -> Prediction:
    """Together with whoever waits."""
    return predict_together(input)


def _slowly(name: str) -> str:
    journal().note("load", name)
    time.sleep(LOADING)
    return name


def _timed(answer: str) -> str:
    strip().begin()
    strip().end()
    return answer
