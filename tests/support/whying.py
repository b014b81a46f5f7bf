"""What the tests of `why` and of lanes share: a worker that is moved by hand, runs that are pretended, and the questions."""

import pytest

from orchestrator.client import Mill
from orchestrator.graph import Pipeline
from orchestrator.outlook.lanes import read_lanes
from orchestrator.outlook.spans import Range
from orchestrator.outlook.views import LaneOutlook, StepWhy, Why
from orchestrator.outlook.whys import read_why
from orchestrator.settings import Settings
from tests.support.engine import Engine


def staff(engine: Engine) -> Engine:
    """With a worker that says that it has two slots and serves all; they are moved by hand."""
    engine.slot("w/0")
    engine.slot("w/1")
    facts = {"lanes": "gpu llm cpu", "serves": " ".join(engine.pipelines), "slots": "2", "renewed": str(10**14)}
    engine.server.redis.hset(engine.keys.worker("w"), mapping=facts)
    return engine


def measured(engine: Engine, pipeline: Pipeline, **seconds: float) -> None:
    """Pretend that each of these steps ran a hundred times, so long each."""
    for step, each in seconds.items():
        series, bound = f"run:{pipeline.name}:{step}", 1
        while bound < each * 1000:
            bound *= 2
        engine.server.redis.hset(engine.keys.named("stats"), f"{series}:{bound}", 100)
        engine.server.redis.hset(engine.keys.named("stats"), f"{series}:sum", int(each * 100_000))


def take(engine: Engine, want: int = 1) -> None:
    """The worker's first slot leases so many jobs."""
    assert len(engine.slot("w/0").claim(want).jobs) == want


async def ask(engine: Engine, document: str) -> Why:
    """Why is it there?"""
    async with Mill(engine.server.url, Settings()) as mill:
        return await read_why(mill, document)


async def ask_step(engine: Engine, document: str, name: str) -> StepWhy:
    """What is said of one step."""
    return next(step for step in (await ask(engine, document)).steps if step.name == name)


async def ask_lanes(engine: Engine) -> dict[str, LaneOutlook]:
    async with Mill(engine.server.url, Settings()) as mill:
        return {lane.name: lane for lane in await read_lanes(mill.transport, 30.0)}


def near(found: Range | None, seconds: float) -> bool:
    """Whether a range has it inside."""
    return found is not None and found.low <= seconds <= found.high and found.likely == pytest.approx(seconds, rel=0.1)
