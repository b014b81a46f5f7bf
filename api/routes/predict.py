"""`/v1/predict`: one input, or a list of inputs, through a model that stays loaded."""

from typing import Any

from fastapi import APIRouter, Request, Response

from api.bodies import json_in
from api.openapi import PROBLEM, answer, json_body
from api.parts import DocumentId, TheAccess, TheMill, as_json
from api.preferring import Preferred, Waited, applied
from api.priorities import priority_for
from api.problems import Problem, invalid, pointer
from api.schemas import Fault
from api.wire.predictions import PredictionState, PredictionWanted
from orchestrator.client import Mill
from orchestrator.errors import NotFound
from orchestrator.ids import unknown_since
from orchestrator.states import DocumentState
from orchestrator.views import Document

ONE, MANY = "predict", "predict_batch"
"""Pipelines that come with docmill, and their steps."""

router = APIRouter(prefix="/v1/predict", tags=["predict"], responses=PROBLEM)


@router.post(
    "",
    status_code=202,
    responses={202: answer("PredictionState", "Accepted."), 200: answer("PredictionState", "It has ended.")},
    openapi_extra=json_body(PredictionWanted),
)
async def predict(request: Request, mill: TheMill, access: TheAccess, wait: Waited, preferred: Preferred) -> Response:
    """Classify one `input`, or all `inputs` in one pass; with `wait` or Prefer, answer once it has ended or after so long."""
    wanted = await json_in(request, PredictionWanted)
    pipeline, parameters = _asked(wanted)
    try:
        document = await mill.submit(
            pipeline, {**parameters, "model": wanted.model}, priority=priority_for(access, wanted.priority),
            tenant=access.tenant, deadline=wanted.deadline,
        )  # fmt: skip
    except NotFound as problem:
        raise Problem("unknown-pipeline", f"{problem}: add it to DOCMILL_PIPELINES") from None
    view = await (mill.wait(document, wait) if wait else mill.get(document))
    here = f"{router.prefix}/{document}"
    told = await _state(mill, view)
    ended = as_json(told, Content_Location=here) if view.is_final else None
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


async def _state(mill: Mill, view: Document) -> PredictionState:
    step = view.steps[0]
    result = await mill.output(view.id, step.name) if view.status == DocumentState.SUCCEEDED else None
    error = view.error or (step.error if not view.is_final else None)
    return PredictionState(view.id, view.status, step.done, step.total, result, error, f"/v1/documents/{view.id}")
