"""Pipelines: what each takes, and what it does."""

from typing import Any

import msgspec
from pydantic import BaseModel


class ParameterOut(msgspec.Struct, omit_defaults=True):
    """A parameter of a pipeline; without a default it must be given."""

    type: str
    default: Any = msgspec.UNSET


class StepOut(msgspec.Struct):
    """A step of a pipeline; times are seconds.

    Args:
        after: the steps that it waits for.
        over: the step whose items it maps over.
        on_failure: what becomes of the document when it fails for good.
    """

    name: str
    lane: str
    model: str | None
    after: list[str]
    over: str | None
    conditional: bool
    retries: int
    soft_limit: float | None
    hard_limit: float | None
    on_failure: str


class PipelineOut(msgspec.Struct):
    """A pipeline that can be submitted to.

    Args:
        lanes: step -> lane.
        result: the step whose output is the result.
        schema: of its parameters: JSON Schema. A file is given as `path`, `text` or an upload.
        takes_file: whether it has a parameter that is a file.
        graph: where its picture is.
    """

    name: str
    id: str
    version: str
    parameters: dict[str, ParameterOut]
    lanes: dict[str, str]
    result: str
    schema: dict[str, Any]
    takes_file: bool
    steps: list[StepOut]
    deadline: float | None
    graph: str


class PipelineList(msgspec.Struct):
    """All pipelines that this API knows."""

    pipelines: list[PipelineOut]


ANSWERS: tuple[type[Any], ...] = (PipelineOut, PipelineList)
BODIES: tuple[type[BaseModel], ...] = ()
