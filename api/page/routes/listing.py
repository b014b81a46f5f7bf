"""`/documents`, `/lanes/{lane}` and `/find`: lists, each with its JSON twin, and the way to one document."""

from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request, Response
from starlette.responses import RedirectResponse

from api.cursors import LONGEST_CURSOR, next_address, spot_of
from api.cursors import page as json_page
from api.page.bulk import MOST, TYPED_ABOVE, VERBS, chosen, may
from api.page.finding import find
from api.page.parts import TheViewer
from api.page.queueing import read_queue
from api.page.refusing import wants_page
from api.page.rendering import page
from api.parts import TheAccess, TheMill, as_json
from api.routes.lanes import LaneName
from api.routes.listing import LONGEST, Statuses, row
from api.schemas import DocumentList
from orchestrator.listing import read_page
from orchestrator.selecting import Selection
from orchestrator.states import DocumentState

ROWS = 50
Word = Annotated[str | None, Query(max_length=LONGEST)]
Sought = Annotated[str, Query(max_length=LONGEST)]

router = APIRouter(include_in_schema=False)


@router.get("/documents")
async def documents(
    request: Request,
    mill: TheMill,
    access: TheAccess,
    viewer: TheViewer,
    status: Statuses = None,
    pipeline: Word = None,
    error: Word = None,
    flag: Word = None,
    sure: Literal["retry", "cancel"] | None = None,
    cursor: Annotated[str | None, Query(max_length=LONGEST_CURSOR)] = None,
) -> Response:
    """Documents, newest first; with `sure`, how many there are, and the button that does that to all of them."""
    words = (pipeline or None, error or None, flag or None)
    selection = Selection(tuple(status or ()), *words, tenant=access.only_tenant)
    found, spot = await read_page(mill.transport, mill.calls.keys, selection, ROWS, spot_of(cursor))
    address = next_address(request, spot)
    if not wants_page(request):
        return json_page(DocumentList([row(one) for one in found], address), address)
    verb = sure if sure and viewer.submits and may(sure, selection) else None
    facts: dict[str, Any] = {
        "rows": found,
        "next": address,
        "chosen": selection,
        "statuses": [str(state) for state in DocumentState],
    }
    facts |= {"verbs": [name for name in VERBS if may(name, selection)], "verb": verb, "typed_above": TYPED_ABOVE}
    facts |= {"count": len(await chosen(mill, selection)) if verb else None, "most": MOST}
    return page(request, "documents.html", viewer=viewer, now=await mill.transport.send(mill.calls.time()), **facts)


@router.get("/lanes/{lane}")
async def lane(request: Request, lane: LaneName, mill: TheMill, viewer: TheViewer) -> Response:
    """What waits in a lane, in the order in which it is given out: the first of it."""
    queue = await read_queue(mill.transport, lane, viewer)
    if not wants_page(request):
        return as_json(queue)
    return page(request, "lane.html", viewer=viewer, lane=lane, queue=queue)


@router.get("/find")
async def finding(
    request: Request, mill: TheMill, viewer: TheViewer, q: Annotated[str, Query(max_length=LONGEST)] = ""
) -> Response:
    """The document that somebody means: by its id, an idempotency key, a unique name; else those that failed of a word."""
    address = await find(mill, viewer, q.strip())
    return RedirectResponse(address or f"/documents?{urlencode({'status': 'failed', 'error': q.strip()})}", 303)
