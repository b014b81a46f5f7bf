"""What the page stands on, for as long as the application lives."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from api.page.blocks import Blocks
from api.page.owns import Owns
from api.page.pulse import Pulse
from orchestrator.client import Mill
from orchestrator.graph.types import mentions
from orchestrator.overview.gathering import Gathering
from orchestrator.overview.views import Overview
from orchestrator.source import Source


@asynccontextmanager
async def looking(app: FastAPI, mill: Mill) -> AsyncGenerator[None]:
    """Nothing is read before somebody looks."""
    app.state.pulse = Pulse[Overview](Gathering(mill).look)
    app.state.blocks, app.state.owns = Blocks(_takers(mill)), Owns(mill)
    try:
        yield
    finally:
        await app.state.pulse.close()


def _takers(mill: Mill) -> list[str]:
    """The pipelines that take a file."""
    pipelines = map(mill.registry.named, mill.registry.names)
    return [one.name for one in pipelines if any(mentions(kind, Source) for kind in one.parameters.values())]
