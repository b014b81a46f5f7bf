"""What machines ask of a service: is it there, how does it go, what can it do."""

from importlib import metadata
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from api.known import KnownRoute
from api.openapi import PROBLEM, answer
from api.parts import TheMill, as_json
from api.problems import SOON, Problem
from api.schemas import Health
from api.wire.system import Readiness, Version
from orchestrator.errors import ServerError, Unreachable
from orchestrator.metrics.exposing import exposition
from orchestrator.outlook.figures import read_figures

router = APIRouter(tags=["system"], responses=PROBLEM, route_class=KnownRoute)
LOOKS = 8
"""Entries of each part of a lane that a scrape looks at: it comes again in a moment."""
METRICS: dict[int | str, dict[str, Any]] = {200: {"description": "Metrics.", "content": {"text/plain": {}}}}


@router.get("/healthz", responses={200: answer("Health", "This process answers.")})
async def healthz() -> Response:
    """Whether this process answers; Redis is not asked."""
    return as_json(Health("ok"))


@router.get("/metrics", responses=METRICS)
async def metrics(request: Request, mill: TheMill) -> Response:
    """What Prometheus scrapes: of all of docmill, the same from every API process; and of this process' own requests.

    While Redis is away it is the latter alone: that requests fail must not be hidden by the very failure.
    """
    own = request.app.state.metrics
    try:
        figures = await read_figures(mill.transport, mill.settings.lease, LOOKS)
    except ServerError as problem:
        own.redis_failed(reachable=not isinstance(problem, Unreachable))
        figures = None
    return Response(exposition(figures, own), media_type=CONTENT_TYPE_LATEST)


@router.get("/readyz", responses={200: answer("Readiness", "Work is taken up.")})
async def readyz(mill: TheMill) -> Response:
    """Whether Redis answers, and a live worker serves each lane that the pipelines use."""
    pipelines = map(mill.registry.named, mill.registry.names)
    used = {call.step.lane for pipeline in pipelines for call in pipeline.calls.values()}
    served = (await mill.serving()).lanes
    missing = sorted(used - served)
    if missing:
        told = f"no live worker serves lane {', '.join(missing)}: start one with docmill worker"
        raise Problem("not-ready", told, retry_after=SOON)
    return as_json(Readiness("ready", {lane: lane in served for lane in sorted(used)}))


@router.get("/version", responses={200: answer("Version", "The version.")})
async def version(mill: TheMill) -> Response:
    """Which docmill this is."""
    known = {name: mill.registry.named(name).version for name in mill.registry.names}
    return as_json(Version(metadata.version("docmill"), "v1", known))
