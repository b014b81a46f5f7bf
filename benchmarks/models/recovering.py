"""One step whose process is killed, with a model of torch that is loaded before the first job."""

import time

from benchmarks.faults.journal import journal
from orchestrator import Context, model, pipeline, step
from orchestrator.settings import Settings
from worker.models.classifier import Classifier
from worker.models.torchscript import load_classifier

PIPELINES = ("benchmarks.models.recovering:recovering",)
LONG = 600.0


@model("resident", runtime="torch", preload=True)
def load(settings: Settings) -> Classifier:
    """Torch's import and the model's way to the device: what a new process pays."""
    assert settings.predict_model is not None
    return load_classifier(settings.predict_model)


@step(lane="gpu", model="resident", soft_limit=None, hard_limit=None)
def doze(name: str, ctx: Context) -> str:
    """Sleep at the first run, answer at once when run again; with its model at hand."""
    ctx.model("resident")
    journal().note("start", name)
    if len(journal().entries("start", name)) == 1:
        time.sleep(LONG)
    return name


@pipeline()
def recovering(name: str) -> str:
    """One step."""
    return doze(name)
