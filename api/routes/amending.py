"""A document that is there: change it, ask why it is where it is, delete it."""

from fastapi import APIRouter, Request, Response

from api.bodies import json_in
from api.known import KnownRoute
from api.openapi import PROBLEM, answer, json_body
from api.parts import DocumentId, TheAccess, TheMill, as_json
from api.priorities import priority_for
from api.problems import Problem
from api.wire.amending import Amendment
from orchestrator.client import Mill
from orchestrator.missing import not_found
from orchestrator.outlook.whys import read_why
from orchestrator.states import FINAL_DOCUMENT

router = APIRouter(prefix="/v1/documents", tags=["documents"], responses=PROBLEM, route_class=KnownRoute)


@router.patch(
    "/{document}",
    responses={200: answer("Document", "The document, changed.")},
    openapi_extra=json_body(Amendment),
)
async def amend(document: DocumentId, request: Request, mill: TheMill, access: TheAccess) -> Response:
    """Give a document another priority, another deadline or both, in one move; what runs of it is not touched."""
    wanted = await json_in(request, Amendment)
    priority = None if wanted.priority is None else priority_for(access, wanted.priority)
    deadline = (wanted.deadline or 0) if "deadline" in wanted.model_fields_set else None
    if (priority, deadline) == (None, None):
        await _must_be_there(mill, document)
    else:
        word = await mill.amend(document, priority=priority, deadline=deadline)
        if word in FINAL_DOCUMENT:
            raise Problem("already-ended", f"{document} is {word}: nothing of it is left to change")
    return as_json(await mill.get(document))


@router.delete("/{document}", status_code=204, response_class=Response)
async def delete(document: DocumentId, mill: TheMill) -> Response:
    """Delete a document and all that hangs on it: what runs is ended first, then files, results and cached results go.

    The answer comes when all of it is gone, and may take as long as a step takes to be stopped.
    """
    await _must_be_there(mill, document)
    await mill.delete(document, "deleted over REST")
    return Response(status_code=204)


@router.get("/{document}/why", responses={200: answer("Why", "Why it is where it is.")})
async def why(document: DocumentId, mill: TheMill) -> Response:
    """Why a document is where it is: what it waits for, and until about when; or where its time went."""
    return as_json(await read_why(mill, document))


async def _must_be_there(mill: Mill, document: str) -> None:
    if not await mill.transport.send(mill.calls.exists(document)):
        raise await not_found(mill.transport, document)
