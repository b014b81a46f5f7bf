"""`/v1/documents`: submit, look, wait, fetch, cancel, retry."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response

from api.accepting import accept
from api.bodies import cancellation_in, submission_in
from api.openapi import PROBLEM, answer, cancellation_body, submission_body
from api.parts import DocumentId, TheInputs, TheMill, as_json
from api.problems import Problem
from api.schemas import Accepted, DocumentList, Links, Row
from orchestrator.client import Mill
from orchestrator.states import DocumentState
from orchestrator.views import Document

LONGEST_WAIT = 60.0
"""Seconds that a request may wait; proxies cut longer ones."""
USUAL_WAIT = 30
MOST_ROWS = 200
LOOK_AGAIN = "1"
"""Seconds, as Retry-After says them."""

OUTPUT: dict[str, Any] = {"description": "The output, as JSON.", "content": {"application/json": {}}}

Key = Annotated[str, Header(max_length=128, description="The tenant's own, for this one request.")]

router = APIRouter(prefix="/v1/documents", tags=["documents"], responses=PROBLEM)


@router.post("", status_code=202, responses={202: answer("Accepted", "Accepted.")}, openapi_extra=submission_body())
async def submit(request: Request, mill: TheMill, inputs: TheInputs, idempotency_key: Key = "") -> Response:
    """Submit a document: by path, as text, or as an upload in the field `file`.

    With the header Idempotency-Key the same request, sent again within a day, leads to the same document.
    """
    async with submission_in(request) as (wanted, upload):
        document = await accept(mill, inputs, wanted, upload, idempotency_key)
    here = _address(document)
    links = Links(here, f"{here}?wait={USUAL_WAIT}", f"{here}/result")
    return as_json(Accepted(document, DocumentState.QUEUED, links), 202, Location=here, Retry_After=LOOK_AGAIN)


@router.get("", responses={200: answer("DocumentList", "Documents, newest first.")})
async def index(
    mill: TheMill,
    status: DocumentState | None = None,
    flag: Annotated[str | None, Query(description="Such as needs_review.", max_length=32)] = None,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS)] = 50,
) -> Response:
    """List documents, newest first; of one status, or of all; those that carry a flag, or all."""
    found = await mill.list(status, limit, flag=flag)
    return as_json(DocumentList([_row(document) for document in found]))


@router.get("/{document}", responses={200: answer("Document", "The document as it is now.")})
async def read(
    document: DocumentId, mill: TheMill, wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT, allow_inf_nan=False)] = 0.0
) -> Response:
    """Read a document; with `wait`, once it is final or after so many seconds."""
    view = await (mill.wait(document, wait) if wait else mill.get(document))
    return as_json(view) if view.is_final else as_json(view, Retry_After=LOOK_AGAIN)


@router.get("/{document}/result", responses={200: OUTPUT})
async def result(document: DocumentId, mill: TheMill, step: str | None = None) -> Response:
    """Fetch the output of the pipeline's last step, or of the step that is named."""
    view = await mill.get(document)
    wanted = step or await _result_step(mill, view)
    _refuse_missing(view, wanted, whole=step is None)
    try:
        return as_json(await mill.output(document, wanted))
    except FileNotFoundError:
        why = "it was purged meanwhile, or this API does not reach the store that the workers write to"
        raise Problem("output-gone", f"the output of {wanted!r} is not in the blob store: {why}") from None


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


async def _result_step(mill: Mill, view: Document) -> str:
    plan = await mill.transport.send(mill.calls.plan(view.pipeline))
    return plan["result"]


def _refuse_missing(view: Document, wanted: str, *, whole: bool) -> None:
    """Tell apart what is not there yet from what will never be.

    Args:
        whole: the document's result is asked for, which there is only at its end.
    """
    states: dict[str, Any] = {step.name: step.state for step in view.steps}
    if wanted not in states:
        raise Problem("unknown-step", f"{view.pipeline} has no step {wanted!r}: it has {', '.join(states)}")
    if not view.is_final and (whole or states[wanted] != "done"):
        told = f"{view.id} is {view.status}, its step {wanted!r} {states[wanted]}"
        raise Problem("not-finished", f"{told}: wait with GET {_address(view.id)}?wait={USUAL_WAIT}", retry_after=1)
    if states[wanted] != "done":
        told = f" ({view.error})" if view.error else ""
        raise Problem("no-result", f"{view.id} {view.status}{told}: its step {wanted!r} is {states[wanted]}")


def _row(view: Document) -> Row:
    told = {name: getattr(view, name) for name in Row.__struct_fields__ if name != "link"}
    return Row(**told, link=_address(view.id))


def _address(document: str) -> str:
    return f"{router.prefix}/{document}"
