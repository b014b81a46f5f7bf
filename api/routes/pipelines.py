"""`/v1/pipelines`: what can be submitted to."""

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import APIRouter, Response

from api.known import KnownRoute
from api.openapi import PROBLEM, answer
from api.parts import TheMill, as_json
from api.problems import missing_as
from api.wire.pipelines import ParameterOut, PipelineList, PipelineOut, StepOut
from orchestrator.graph import Pipeline
from orchestrator.graph.drawing import draw
from orchestrator.graph.failing import allowed
from orchestrator.graph.nodes import Call
from orchestrator.graph.types import mentions, readable
from orchestrator.source import Source

PICTURE: dict[int | str, dict[str, Any]] = {200: {"description": "Its steps.", "content": {"image/svg+xml": {}}}}
CLOSED = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'"}
"""A picture runs nothing and loads nothing."""
DIALECT = "https://json-schema.org/draft/2020-12/schema"

router = APIRouter(prefix="/v1/pipelines", tags=["pipelines"], responses=PROBLEM, route_class=KnownRoute)


@router.get("", responses={200: answer("PipelineList", "The pipelines.")})
async def index(mill: TheMill) -> Response:
    """The pipelines that can be submitted to: their parameters, as JSON Schema too, and their steps."""
    return as_json(PipelineList([_pipeline(mill.registry.named(name)) for name in mill.registry.names]))


@router.get("/{pipeline}", responses={200: answer("PipelineOut", "The pipeline.")})
async def read(pipeline: str, mill: TheMill) -> Response:
    """One pipeline."""
    with missing_as("no-such-pipeline"):
        return as_json(_pipeline(mill.registry.named(pipeline)))


@router.get("/{pipeline}/graph.svg", responses=PICTURE, response_class=Response)
async def graph(pipeline: str, mill: TheMill) -> Response:
    """Its steps as a picture, from left to right: dashed is what maps over a list, thick the result."""
    with missing_as("no-such-pipeline"):
        return Response(draw(mill.registry.named(pipeline)), 200, CLOSED, "image/svg+xml")


def _pipeline(of: Pipeline) -> PipelineOut:
    parameters = {name: ParameterOut(readable(kind)) for name, kind in of.parameters.items()}
    for name, value in of.defaults.items():
        parameters[name].default = value
    return PipelineOut(
        name=of.name,
        id=of.id,
        version=of.version,
        parameters=parameters,
        lanes={name: call.step.lane for name, call in of.calls.items()},
        result=of.result,
        schema=schema_of(of.parameters, of.defaults),
        takes_file="source" in of.parameters,
        steps=[_step(call) for call in of.calls.values()],
        deadline=of.deadline,
        graph=f"{router.prefix}/{of.name}/graph.svg",
    )


def schema_of(parameters: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """What a submission's `parameters` may be. A file is left out: it is given beside them."""
    given = {name: kind for name, kind in parameters.items() if not mentions(kind, Source)}
    schemas, defined = msgspec.json.schema_components(given.values(), ref_template="#/$defs/{name}")
    properties = dict(zip(given, schemas, strict=True))
    for name in properties.keys() & defaults.keys():
        properties[name] = {**properties[name], "default": msgspec.to_builtins(defaults[name])}
    required = [name for name in given if name not in defaults]
    schema = {"$schema": DIALECT, "type": "object", "properties": properties, "required": required}
    return {**schema, "additionalProperties": False, **({"$defs": defined} if defined else {})}


def _step(call: Call) -> StepOut:
    step = call.step
    limits = step.limits
    return StepOut(
        name=call.name,
        lane=step.lane,
        model=step.model,
        after=[*call.upstream],
        over=call.over,
        conditional=call.guard is not None or step.when is not None,
        retries=step.retry.retries,
        soft_limit=limits.soft,
        hard_limit=limits.hard,
        on_failure=allowed(step.on_failure) or "fail",
    )
