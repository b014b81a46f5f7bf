"""`GET /v1/documents`: lists of documents."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import AwareDatetime

from api.cursors import LONGEST_CURSOR, next_address, page, spot_of
from api.known import KnownRoute
from api.openapi import PROBLEM, answer
from api.parts import TheAccess, TheMill, as_json
from api.schemas import DocumentList, Row
from orchestrator.listing import read_page
from orchestrator.selecting import Selection
from orchestrator.states import DocumentState
from orchestrator.views import Document

MOST_ROWS = 200
LONGEST = 200
"""Characters of what is looked for."""

Limit = Annotated[int, Query(ge=1, le=MOST_ROWS, description="Rows of a page, at most.")]
Cursor = Annotated[str | None, Query(max_length=LONGEST_CURSOR, description="As `next` has it.")]
Statuses = Annotated[list[DocumentState] | None, Query(description="One, or any of several.", max_length=6)]
Word = Annotated[str | None, Query(max_length=LONGEST)]
Flag = Annotated[str | None, Query(description="Such as needs_review.", max_length=32)]
Since = Annotated[AwareDatetime | None, Query(description="Submitted then or later.")]
Until = Annotated[AwareDatetime | None, Query(description="Submitted before then.")]

router = APIRouter(prefix="/v1/documents", tags=["documents"], responses=PROBLEM, route_class=KnownRoute)


@router.get("", responses={200: answer("DocumentList", "Documents, newest first.")})
async def index(
    request: Request,
    mill: TheMill,
    access: TheAccess,
    status: Statuses = None,
    pipeline: Word = None,
    tenant: Word = None,
    flag: Flag = None,
    error: Word = None,
    since: Since = None,
    until: Until = None,
    limit: Limit = 50,
    cursor: Cursor = None,
) -> Response:
    """List documents, newest first: all that is asked for must hold.

    A page costs the same however far in it is, and what is submitted meanwhile moves nothing. Where few are meant, a page may
    have fewer rows than `limit`, or none: the list ends where there is no `next`.
    """
    whose = tenant if access.only_tenant is None else access.only_tenant
    if tenant is not None and not access.sees(tenant):
        return as_json(DocumentList([]))
    begin, end = (when and when.timestamp() for when in (since, until))
    selection = Selection(tuple(status or ()), pipeline, error, flag, begin, end, whose)
    found, spot = await read_page(mill.transport, mill.calls.keys, selection, limit, spot_of(cursor))
    address = next_address(request, spot)
    return page(DocumentList([row(document) for document in found], address), address)


def row(view: Document) -> Row:
    """A document in a list."""
    told = {name: getattr(view, name) for name in Row.__struct_fields__ if name != "link"}
    return Row(**told, link=f"{router.prefix}/{view.id}")
