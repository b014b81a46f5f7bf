"""Steps with models of two runtimes, whose loading and use can be counted from outside."""

import time

from orchestrator import Context, model, pipeline, step
from orchestrator.settings import Settings
from tests.support.pipelines import effect

MODELLED = "tests.support.modelled:reading,tests.support.modelled:seeing"
SIZE = 100_000_000


class Loaded:
    """What stands for weights."""

    def __init__(self, name: str) -> None:
        self.name = name

    def warm_up(self) -> None:
        """Runs before the first job does."""
        effect("warm", self.name)


@model("letters", bytes=SIZE, runtime="paddle")
def load_letters(settings: Settings) -> Loaded:
    """One model."""
    effect("load", "letters")
    return Loaded("letters")


@model("shapes", bytes=SIZE, runtime="torch")
def load_shapes(settings: Settings) -> Loaded:
    """Another, of another runtime."""
    effect("load", "shapes")
    return Loaded("shapes")


def use(ctx: Context, name: str, seconds: float) -> str:
    """Use a model for a moment."""
    found: Loaded = ctx.model(name)
    effect("in", name)
    time.sleep(seconds)
    effect("out", name)
    return found.name


@step(lane="gpu", model="letters")
def read(seconds: float, ctx: Context) -> str:
    """Needs the one."""
    return use(ctx, "letters", seconds)


@step(lane="gpu", model="shapes")
def see(seconds: float, ctx: Context) -> str:
    """Needs the other."""
    return use(ctx, "shapes", seconds)


@pipeline()
def reading(seconds: float) -> str:
    """One step."""
    return read(seconds)


@pipeline()
def seeing(seconds: float) -> str:
    """One step."""
    return see(seconds)
