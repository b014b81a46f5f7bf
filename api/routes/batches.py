"""`/v1/batches`: documents submitted together."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from starlette.datastructures import QueryParams

from api.batching import ready, split, submit_lines
from api.bodies import JSON, LARGEST_UPLOAD, cancellation_in, checked, json_in, limited, refuse_unless
from api.cursors import next_address, page, spot_of
from api.known import KnownRoute
from api.openapi import PROBLEM, answer, batch_body, cancellation_body
from api.parts import BatchId, TheAccess, TheInputs, TheMill, as_json
from api.problems import Problem, invalid
from api.routes.listing import Cursor, Limit
from api.schemas import Fault
from api.wire.batches import BatchAccepted, BatchLinks, BatchList, BatchSubmission, BatchTerms
from orchestrator.access import Access
from orchestrator.batches.keyed import batch_of_key
from orchestrator.batches.lines import Line
from orchestrator.batches.listing import read_batches
from orchestrator.client import Mill

LARGEST = 16 << 20
"""Bytes of a batch as JSON, which is read whole: 50,000 lines of 300."""
JSONL = ("application/jsonl", "application/x-ndjson", "application/x-jsonlines")
LOOK_AGAIN = "2"
"""Seconds, as Retry-After says them."""
BATCH: dict[int | str, dict[str, Any]] = {200: answer("BatchView", "The batch as it is now.")}

router = APIRouter(prefix="/v1/batches", tags=["batches"], responses=PROBLEM, route_class=KnownRoute)


@router.post("", status_code=202, responses={202: answer("BatchAccepted", "Accepted.")}, openapi_extra=batch_body())
async def submit(request: Request, mill: TheMill, access: TheAccess, inputs: TheInputs) -> Response:
    """Submit up to 50,000 documents as one batch: as JSON, or as JSONL, a line a document, with the terms in the address.

    JSONL is read line by line as it comes, and may have a gigabyte (JSON 16 MiB); a line that cannot be a document is refused
    by itself, and the outcomes say why. With the header Idempotency-Key, or an id of one's own, the same can be sent again
    after whatever went wrong, and it goes on where it was left.
    """
    if refuse_unless(request, JSON, *JSONL) == JSON:
        if request.query_params:
            raise invalid([Fault("with JSON, all terms are in the body", parameter=next(iter(request.query_params)))])
        terms = await json_in(request, BatchSubmission, LARGEST)
        lines = ready([Line(line.parameters, line.path, line.text, line.custom_id) for line in terms.lines])
    else:
        terms = _terms_in(request.query_params)
        lines = split(limited(request, LARGEST_UPLOAD).stream())
    key = request.headers.get("idempotency-key", "")
    if key:
        terms = await _with_id_of(mill, access, terms, key)
    try:
        view = await submit_lines(mill, inputs, access, terms, lines)
    except Problem as problem:
        if not (key and terms.id and problem.kind == "batch-closed"):
            raise
        view = await mill.batch(terms.id)  # all its lines were in before
    refusals = {str(line): why for line, why in (await mill.refused(view.id)).items()} if view.refused else {}
    here = f"{router.prefix}/{view.id}"
    links = BatchLinks(here, f"{here}/outcomes")
    told = BatchAccepted(view.id, view.state, view.documents, view.refused, refusals, links)
    return as_json(told, 202, Location=here, Retry_After=LOOK_AGAIN)


@router.get("", responses={200: answer("BatchList", "Batches, newest first.")})
async def index(
    request: Request, mill: TheMill, access: TheAccess, limit: Limit = 50, cursor: Cursor = None
) -> Response:
    """List batches, newest first. A page may have fewer rows than `limit`: the list ends where there is no `next`."""
    found, spot = await read_batches(mill.transport, mill.calls.keys, limit, spot_of(cursor), access.only_tenant)
    address = next_address(request, spot)
    return page(BatchList([*found], address), address)


@router.get("/{batch}", responses=BATCH)
async def read(batch: BatchId, mill: TheMill) -> Response:
    """Read a batch: how many of its documents are in which state, and until about when the last has ended."""
    view = await mill.batch(batch)
    return as_json(view) if view.is_final else as_json(view, Retry_After=LOOK_AGAIN)


@router.post("/{batch}/cancel", responses=BATCH, openapi_extra=cancellation_body())
async def cancel(batch: BatchId, request: Request, mill: TheMill) -> Response:
    """End a batch: it takes no more lines, and its documents are cancelled; its aggregate still runs, and is told."""
    wanted = await cancellation_in(request)
    view = await mill.cancel_batch(batch, wanted.why)
    if view.cancelling is None:
        raise Problem("already-ended", f"batch {batch} had ended before: there is nothing left to cancel")
    return as_json(view)


@router.delete("/{batch}", status_code=204, response_class=Response)
async def delete(batch: BatchId, mill: TheMill) -> Response:
    """Delete what is known of a batch that has ended, and of its refused lines; its documents stay: delete each."""
    view = await mill.batch(batch)
    if not view.is_final:
        raise Problem("not-finished", f"batch {batch} has not ended: POST {router.prefix}/{batch}/cancel ends it")
    await mill.delete(batch)
    return Response(status_code=204)


async def _with_id_of(mill: Mill, access: Access, terms: BatchTerms, key: str) -> BatchTerms:
    """The terms with the id that the key leads to."""
    if terms.id is not None:
        raise invalid([Fault("give an id or an Idempotency-Key, not both", parameter="id")])
    return terms.model_copy(update={"id": await batch_of_key(mill.transport, access.tenant, key)})


def _terms_in(query: QueryParams) -> BatchTerms:
    given: dict[str, Any] = dict(query)
    for name in given.keys() & {"given", "lanes"}:
        try:
            given[name] = msgspec.json.decode(given[name])
        except (msgspec.DecodeError, RecursionError) as problem:
            raise invalid([Fault(f"it must be a JSON object: {problem}", parameter=name)]) from None
    return checked(lambda: BatchTerms.model_validate(given), in_body=False)
