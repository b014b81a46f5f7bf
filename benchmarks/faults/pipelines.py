"""docmill's side of the jobs: the acts, under limits."""

import os
import time

from benchmarks.faults.acts import act
from benchmarks.faults.journal import journal
from orchestrator import Batch, Context, model, pipeline, step
from orchestrator.settings import Settings

SOFT, HARD = 1.0, 2.0
"""Seconds; Celery's tasks have the same."""
LOADS = "DOCMILL_BENCH_LOADS"
"""The environment variable that says how many seconds the model of this package takes to load."""
PIPELINES = tuple(
    f"benchmarks.faults.pipelines:{name}" for name in ("soft", "hard", "plain", "two", "many", "weighed", "weighs")
)


@model("weights", preload=True)
def load(_: Settings) -> str:
    """As weights take to reach a card; nothing where no row asks for it."""
    time.sleep(float(os.environ.get(LOADS, "0")))
    return "loaded"


@step(lane="gpu", soft_limit=SOFT, hard_limit=20, retries=0)
def softly(what: str, name: str) -> str:
    """The soft limit comes first."""
    return act(what, name)


@step(lane="gpu", soft_limit=SOFT, hard_limit=HARD, retries=0)
def hardly(what: str, name: str) -> str:
    """What the soft limit cannot reach, the hard one ends."""
    return act(what, name)


@step(lane="gpu", soft_limit=None, hard_limit=None, retries=0)
def freely(what: str, name: str, ctx: Context) -> str:
    """No limit at all."""
    return act(what, name, lambda: not ctx.cancelled)


@step(lane="gpu", model="weights", soft_limit=SOFT, hard_limit=HARD, retries=0)
def hardly_weighed(what: str, name: str, ctx: Context) -> str:
    """As `hardly`, with a model: asked for before the job says that it began, so that a load is never left out."""
    ctx.model("weights")
    return act(what, name)


@step(lane="gpu", model="weights", soft_limit=None, hard_limit=None, retries=0)
def freely_weighed(what: str, name: str, ctx: Context) -> str:
    """As `freely`, with that model."""
    ctx.model("weights")
    return act(what, name)


@step(lane="gpu")
def after(name: str, before: str) -> str:
    """The next step of the same document."""
    journal().note("start", f"{name}.after")
    return before


@step(lane="gpu", batch=Batch(8, max_wait_ms=500))
def together(names: list[str]) -> list[str]:
    """One call for many; the first of them is killed in its sleep."""
    first = not journal().entries("start")
    for name in names:
        journal().note("start", name)
    if first:
        time.sleep(600)
    for name in names:
        journal().note("end", name)
    return names


@pipeline()
def soft(what: str, name: str) -> str:
    """One step with a soft limit."""
    return softly(what, name)


@pipeline()
def hard(what: str, name: str) -> str:
    """One step with a hard limit."""
    return hardly(what, name)


@pipeline()
def weighed(what: str, name: str) -> str:
    """One step with a hard limit and a model."""
    return hardly_weighed(what, name)


@pipeline()
def weighs(what: str, name: str) -> str:
    """One step with that model, without limits."""
    return freely_weighed(what, name)


@pipeline()
def plain(what: str, name: str) -> str:
    """One step without limits."""
    return freely(what, name)


@pipeline()
def two(what: str, name: str) -> str:
    """Two steps, one after the other."""
    return after(name, freely(what, name))


@pipeline()
def many(name: str) -> str:
    """One of a batch."""
    return together(name)
