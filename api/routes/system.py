"""What machines ask of a service: is it there, how does it go, what can it do."""

from typing import Any

from fastapi import APIRouter, Response
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from api.openapi import PROBLEM, answer
from api.parts import TheMill, as_json
from api.schemas import Health, ParameterOut, PipelineList, PipelineOut, WorkerList
from orchestrator.graph import Pipeline
from orchestrator.graph.types import readable
from orchestrator.metrics import exposition
from orchestrator.snapshot import read_snapshot
from orchestrator.workforce import read_workforce

router = APIRouter(tags=["system"], responses=PROBLEM)
METRICS: dict[int | str, dict[str, Any]] = {200: {"description": "Metrics.", "content": {"text/plain": {}}}}


@router.get("/healthz", responses={200: answer("Health", "This process answers.")})
async def healthz() -> Response:
    """Whether this process answers; Redis is not asked."""
    return as_json(Health("ok"))


@router.get("/metrics", responses=METRICS)
async def metrics(mill: TheMill) -> Response:
    """What Prometheus scrapes: the same from every API process."""
    snapshot = await read_snapshot(mill.transport, mill.settings.lease)
    return Response(exposition(snapshot), media_type=CONTENT_TYPE_LATEST)


@router.get("/v1/pipelines", responses={200: answer("PipelineList", "The pipelines.")})
async def pipelines(mill: TheMill) -> Response:
    """The pipelines that can be submitted to, with their parameters and lanes."""
    return as_json(PipelineList([_pipeline(mill.registry.named(name)) for name in mill.registry.names]))


@router.get("/v1/workers", responses={200: answer("WorkerList", "The workers.")})
async def workers(mill: TheMill) -> Response:
    """The workers of the last hour, their slots, and the jobs that these hold, with ages and limits in seconds."""
    found = await read_workforce(mill.transport, mill.settings.lease)
    return as_json(WorkerList(found.workers))


def _pipeline(of: Pipeline) -> PipelineOut:
    parameters = {name: ParameterOut(readable(kind)) for name, kind in of.parameters.items()}
    for name, value in of.defaults.items():
        parameters[name].default = value
    lanes = {name: call.step.lane for name, call in of.calls.items()}
    return PipelineOut(of.name, of.id, of.version, parameters, lanes, of.result)
