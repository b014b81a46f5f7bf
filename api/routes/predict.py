"""`/v1/predict`: one input, or a list of inputs, through a model that stays loaded."""

from contextlib import suppress
from typing import Any

from fastapi import APIRouter, Request, Response

from api.bodies import json_in
from api.known import KnownRoute
from api.openapi import PROBLEM, answer, waiting_body
from api.parts import DocumentId, TheMill, as_json, parts_of
from api.preferring import Preferred, Waited, applied, waiting_in
from api.priorities import priority_for
from api.problems import Problem, invalid, pointer
from api.schemas import Fault
from api.wire.predictions import PredictionState, PredictionWanted
from orchestrator.client import Mill
from orchestrator.errors import BadParameter, NotFound, ServerError
from orchestrator.ids import unknown_since
from orchestrator.states import DocumentState
from orchestrator.views import Document

ONE, MANY = "predict", "predict_batch"
"""Pipelines that come with docmill, and their steps."""

router = APIRouter(prefix="/v1/predict", tags=["predict"], responses=PROBLEM, route_class=KnownRoute)


@router.post(
    "",
    status_code=202,
    responses={202: answer("PredictionState", "Accepted."), 200: answer("PredictionState", "It has ended.")},
    openapi_extra=waiting_body(PredictionWanted),
)
async def predict(request: Request) -> Response:
    """Classify one `input`, or all `inputs` in one pass; with `wait` or Prefer, answer once it has ended or after so long."""
    mill, _, access = parts_of(request)
    wait, preferred = waiting_in(request)
    wanted = await json_in(request, PredictionWanted)
    pipeline, parameters = _asked(wanted)
    try:
        document = await mill.submit(
            pipeline, {**parameters, "model": wanted.model}, priority=priority_for(access, wanted.priority),
            tenant=access.tenant, deadline=wanted.deadline,
        )  # fmt: skip
    except NotFound as problem:
        raise Problem("unknown-pipeline", str(problem)) from None
    except BadParameter as problem:  # the same name as in the body
        raise invalid([Fault(str(problem), pointer(problem.field))]) from None
    here = f"{router.prefix}/{document}"
    view = None
    with suppress(ServerError):  # whatever happens now, it is accepted
        view = await mill.wait(document, wait) if wait else None
    told = await _state(mill, view) if view else _accepted(document)
    ended = as_json(told, Content_Location=here) if view and view.is_final else None
    return applied(ended or as_json(told, 202, Location=here, Retry_After="1"), preferred)


@router.get("/{document}", responses={200: answer("PredictionState", "The prediction as it is now.")})
async def read(document: DocumentId, mill: TheMill, wait: Waited, preferred: Preferred) -> Response:
    """Read a prediction; with `wait` or Prefer, once it has ended or after so many seconds."""
    view = await (mill.wait(document, wait) if wait else mill.get(document))
    if view.pipeline.partition("@")[0] not in (ONE, MANY):
        raise NotFound(f"there is no document {document}: {unknown_since(document)}")
    told = await _state(mill, view)
    return applied(as_json(told) if view.is_final else as_json(told, Retry_After="1"), preferred)


def _asked(wanted: PredictionWanted) -> tuple[str, dict[str, Any]]:
    if (wanted.input is None) == (wanted.inputs is None):
        raise invalid([Fault("give `input`, or a list of `inputs`", pointer("input"))])
    return (ONE, {"input": wanted.input}) if wanted.inputs is None else (MANY, {"inputs": wanted.inputs})


def _accepted(document: str) -> PredictionState:
    return PredictionState(document, DocumentState.QUEUED, None, None, None, None, _document(document))


def _document(document: str) -> str:
    return f"/v1/documents/{document}"


async def _state(mill: Mill, view: Document) -> PredictionState:
    step = view.steps[0]
    result = await mill.output(view.id, step.name) if view.status == DocumentState.SUCCEEDED else None
    error = view.error or (step.error if not view.is_final else None)
    return PredictionState(view.id, view.status, step.done, step.total, result, error, _document(view.id))
