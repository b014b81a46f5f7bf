"""`/v1/documents`: submit, look, wait, fetch, cancel, retry."""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.accepting import accept
from api.bodies import cancellation_in, submission_in
from api.known import KnownRoute
from api.openapi import PROBLEM, answer, cancellation_body, submission_body
from api.parts import DocumentId, TheMill, as_json, parts_of
from api.preferring import Preferred, Waited, applied, waiting_in
from api.problems import Problem
from api.routes.results import USUAL_WAIT
from api.schemas import Accepted, Links
from orchestrator.client import Mill
from orchestrator.errors import ServerError
from orchestrator.states import DocumentState
from orchestrator.views import Document

LOOK_AGAIN = "1"
"""Seconds, as Retry-After says them."""

router = APIRouter(prefix="/v1/documents", tags=["documents"], responses=PROBLEM, route_class=KnownRoute)


@router.post(
    "",
    status_code=202,
    responses={202: answer("Accepted", "Accepted."), 200: answer("Document", "It has ended while Prefer waited.")},
    openapi_extra=submission_body(),
)
async def submit(request: Request) -> Response:
    """Submit a document: by path, by URL, as text, or as an upload in the field `file`.

    With the header Idempotency-Key the same request, sent again within a day, leads to the same document. With
    `Prefer: wait=10` or `?wait=10` the answer comes when it is final (200, the document), or after 10 s (202).
    """
    mill, inputs, access = parts_of(request)
    wait, preferred = waiting_in(request)
    key = request.headers.get("idempotency-key", "")
    async with submission_in(request) as (wanted, upload):
        document = await accept(mill, inputs, access, wanted, upload, key)
    here, status = _address(document), await _status(mill, document) if key else DocumentState.QUEUED
    if view := await _ended(mill, document, wait):
        return applied(as_json(view, Location=here), preferred)
    links = Links(here, f"{here}?wait={USUAL_WAIT}", f"{here}/result")
    answered = as_json(Accepted(document, status, links), 202, Location=here, Retry_After=LOOK_AGAIN)
    return applied(answered, preferred)


@router.get("/{document}", responses={200: answer("Document", "The document as it is now.")})
async def read(document: DocumentId, mill: TheMill, wait: Waited, preferred: Preferred) -> Response:
    """Read a document; with `wait` or Prefer, once it is final or after so many seconds."""
    view = await (mill.wait(document, wait) if wait else mill.get(document))
    return applied(as_json(view) if view.is_final else as_json(view, Retry_After=LOOK_AGAIN), preferred)


@router.post(
    "/{document}/cancel",
    responses={200: answer("Document", "The document, cancelled now or before.")},
    openapi_extra=cancellation_body(),
)
async def cancel(document: DocumentId, request: Request, mill: TheMill) -> Response:
    """End a document: what waits leaves its lanes, what runs is stopped within two seconds."""
    wanted = await cancellation_in(request)
    state = await mill.cancel(document, wanted.why)
    if state != DocumentState.CANCELLED:
        raise Problem("already-ended", f"{document} had {state} before: there is nothing left to cancel")
    return as_json(await mill.get(document))


@router.post("/{document}/retry", status_code=202, responses={202: answer("Document", "The document, revived.")})
async def retry(
    document: DocumentId,
    mill: TheMill,
    start: Annotated[str | None, Query(alias="from", description="The step from which on all runs again.")] = None,
) -> Response:
    """Run what is missing of an ended document; what is done is not done again."""
    (word,) = await mill.retry_all([document], start=start, why="asked for over REST")
    view = await mill.get(document)
    if word == "no-step":
        steps = ", ".join(step.name for step in view.steps)
        raise Problem("unknown-step", f"{view.pipeline} has no step {start!r}: it has {steps}")
    if word == "complete":
        raise Problem("nothing-missing", f"{document} {view.status}: name a step with ?from= to run it again")
    if word != "revived" and not view.is_final:
        raise Problem("not-finished", f"{document} is {view.status}: only what has ended is tried again", retry_after=1)
    return as_json(view, 202, Location=_address(document), Retry_After=LOOK_AGAIN)


async def _ended(mill: Mill, document: str, seconds: float) -> Document | None:
    """The document that was just accepted, where it ends in that time; whatever happens, it is accepted."""
    with suppress(ServerError):
        if seconds and (view := await mill.wait(document, seconds)).is_final:
            return view
    return None


async def _status(mill: Mill, document: str) -> str:
    """Of one that may have been accepted before; whatever happens, it is accepted."""
    with suppress(ServerError):
        return (await mill.transport.send(mill.calls.field(document, "status")) or b"queued").decode()
    return DocumentState.QUEUED


def _address(document: str) -> str:
    return f"{router.prefix}/{document}"
