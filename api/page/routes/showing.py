"""What is in a document, for who asks for it: its input, outputs of its steps, and the page to check it on."""

from collections.abc import Mapping
from typing import Any

import msgspec
from fastapi import APIRouter, Request, Response
from starlette.responses import StreamingResponse

from api.page.parts import TheViewer
from api.page.refusing import is_part
from api.page.rendering import page, render
from api.parts import DocumentId, TheMill
from api.problems import Problem
from orchestrator.client import Mill
from orchestrator.dossier import local_source, read_dossier
from orchestrator.errors import NotFound
from orchestrator.showing.choosing import chosen_pages
from orchestrator.showing.writing import pieces_of

MOST_SHOWN = 100_000
"""Characters of a value that are shown; all of it is under `/v1`."""
MOST_PAGES = 30
"""Pages whose pictures are in one answer."""
INPUT = "input"
SANDBOX = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-popups"
)
"""What a page made of a document may do: be looked at. Its own policy is narrower still."""

router = APIRouter(prefix="/documents", include_in_schema=False)


@router.get("/{document}/shown/{what}")
async def shown(request: Request, document: DocumentId, what: str, mill: TheMill, viewer: TheViewer) -> Response:
    """What it was given (`input`), or what a step of it made; documents hold personal data, so nobody sees it unasked."""
    value = await _value(mill, document, what)
    text = msgspec.json.format(msgspec.json.encode(value), indent=2).decode()
    facts: Mapping[str, Any] = {
        "what": what,
        "text": text[:MOST_SHOWN],
        "left_out": max(0, len(text) - MOST_SHOWN),
        "twin": f"/v1/documents/{document}/result?step={what}" if what != INPUT else "",
    }
    if is_part(request):
        return Response(render("shown.html", **facts), media_type="text/html; charset=utf-8")
    return page(request, "shown_page.html", viewer=viewer, name=document, **facts)


@router.get("/{document}/evidence")
async def evidence(document: DocumentId, mill: TheMill, pages: str = "") -> Response:
    """The page to check it on: pictures, boxes, text, fields beside what they were read from."""
    dossier = await read_dossier(mill, document)
    if not dossier.page_count:
        raise Problem("no-result", f"no page of {document} was read: there is nothing to check yet")
    numbers = chosen_pages(pages, dossier.page_count)[:MOST_PAGES]
    source = await local_source(mill, dossier.source) if dossier.source else None
    headers = {"Content-Security-Policy": SANDBOX, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
    return StreamingResponse(pieces_of(dossier, source, numbers), 200, headers, "text/html; charset=utf-8")


async def _value(mill: Mill, document: str, what: str) -> Any:
    if what == INPUT:
        return await mill.parameters(document)
    try:
        return await mill.output(document, what)
    except FileNotFoundError:
        raise Problem("output-gone", f"what {what!r} made is not in the blob store any more") from None
    except NotFound as problem:
        raise Problem("no-result", str(problem)) from None
