"""The application: routes, problems, and what lives as long as it does."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI

from api.guard import Guard
from api.inputs import Inputs
from api.measuring import Measuring
from api.openapi import operation_id, with_components
from api.page.looking import looking
from api.page.routes import ROUTERS
from api.problems import handle_problems
from api.requests import TRACED, Requests
from api.routes import (
    amending,
    batches,
    dead_letters,
    docs,
    documents,
    events,
    lanes,
    listing,
    outcomes,
    pipelines,
    predict,
    results,
    schedules,
    stats,
    system,
    webhooks,
    workers,
)
from orchestrator.access.keeping import Keyring
from orchestrator.client import Mill
from orchestrator.connection import Prompt
from orchestrator.duties import Duties
from orchestrator.metrics.of_api import ApiMetrics
from orchestrator.registry import load_registry
from orchestrator.settings import Settings

RESOURCES = (
    listing, amending, batches, outcomes, dead_letters, pipelines, schedules, lanes, stats, workers, docs,
)  # fmt: skip


class Api(FastAPI):
    """FastAPI, described by the types that are really answered."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI description, made once."""
        if self.openapi_schema is None:
            self.openapi_schema = with_components(super().openapi())
        return self.openapi_schema


def create_app(settings: Settings, host: str = "127.0.0.1") -> FastAPI:
    """The application, which connects when it starts.

    Args:
        host: what it will be bound to: paths of the server are open to loopback only, unless roots are configured.

    Raises:
        PipelineError: a pipeline that the settings name cannot be loaded.
    """
    registry = load_registry(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncGenerator[None]:
        url = await asyncio.to_thread(redis_url, settings)
        async with Mill(url, settings, registry) as mill:
            mill.transport = Prompt(url)
            app.state.ending = asyncio.Event()
            app.state.mill, app.state.keyring = mill, Keyring(mill.transport)
            duties = Duties(mill.transport, mill.blobs, registry)
            duties.start()
            async with looking(app, mill):
                yield
            await duties.stop()

    # The framework's documentation pages load from a CDN: a server without internet would show a blank one.
    app = Api(
        title="docmill", version=version("docmill"), lifespan=lifespan, docs_url=None, redoc_url=None,
        telemetry=TRACED, generate_unique_id_function=operation_id,
    )  # fmt: skip
    app.router.redirect_slashes = False
    app.state.inputs, app.state.metrics = Inputs(settings, host), ApiMetrics()
    for part in (documents, predict, results, events, webhooks):  # in this order they are looked through
        app.include_router(part.router)
    app.include_router(system.router)
    for resource in RESOURCES:
        app.include_router(resource.router)
    for router in ROUTERS:
        app.include_router(router)
    app.add_middleware(Guard, host=host)
    app.add_middleware(Measuring, metrics=app.state.metrics)  # outside of the guard: what it refuses counts too
    app.add_middleware(Requests)
    handle_problems(app)
    return app


def redis_url(settings: Settings) -> str:
    """Where Redis is: the one that is configured, else the embedded one, started where it does not run; blocking."""
    if settings.redis_url:
        return settings.redis_url
    from orchestrator.embedded.valkey import ensure_valkey  # an optional part, and not needed where Redis is named

    return ensure_valkey(settings)
