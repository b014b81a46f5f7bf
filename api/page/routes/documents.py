"""`/documents/{id}`: one document with all that is known of it, live while it runs."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing, suppress

from fastapi import APIRouter, Request, Response

from api.page.parts import TheViewer, may_go_on
from api.page.portrait import parts_of
from api.page.refusing import wants_page
from api.page.rendering import page
from api.page.sending import as_event, changed, event
from api.page.viewer import Viewer
from api.parts import DocumentId, TheMill, as_json
from api.streaming import EventStream
from orchestrator.client import Mill
from orchestrator.errors import NotFound
from orchestrator.ids import unknown_since
from orchestrator.outlook.views import Why
from orchestrator.outlook.whys import read_why
from orchestrator.overview.tracing import Trace, Tracing

PACE = 0.4
"""Seconds between two looks at a document, at least."""
TICK, REST = 1.0, 5.0
"""Seconds after which it is looked at again though nothing was heard: while something of it runs, and else."""
WHY = 5.0
"""Seconds for which an estimate is shown."""

router = APIRouter(prefix="/documents", include_in_schema=False)


@router.get("/{document}")
async def one(request: Request, document: DocumentId, mill: TheMill, viewer: TheViewer) -> Response:
    """A document: its graph, its time line, what is wrong, what is ahead of it; its twin is JSON."""
    if not wants_page(request):
        return as_json(await mill.get(document))
    trace = await Tracing(mill, document).look()
    parts = parts_of(trace, await read_why(mill, document), viewer)
    return page(request, "document.html", viewer=viewer, document=trace.document, parts=parts)


@router.get("/{document}/live")
async def live(request: Request, document: DocumentId, mill: TheMill, viewer: TheViewer) -> Response:
    """What changes of it, until it has ended."""
    await _must_be_there(mill, document)
    return EventStream(_told(request, mill, document, viewer), request.app.state.ending)


async def _must_be_there(mill: Mill, document: str) -> None:
    if not await mill.transport.send(mill.calls.exists(document)):
        raise NotFound(f"there is no document {document}: {unknown_since(document)}")


async def _told(request: Request, mill: Mill, document: str, viewer: Viewer) -> AsyncGenerator[bytes, None]:
    known: Mapping[str, str] = {}
    goes_on = may_go_on(request)
    with suppress(NotFound):  # it was purged meanwhile, which is an end too
        async with aclosing(_looks(mill, document)) as looks:
            async for trace, why in looks:
                if not await goes_on():
                    return
                parts = parts_of(trace, why, viewer)
                if new := changed(known, parts):
                    yield as_event(new)
                known = parts
    yield event("done")


async def _looks(mill: Mill, document: str) -> AsyncGenerator[tuple[Trace, Why], None]:
    """Each time that something of it moved, and each second while something runs; the last when it has ended."""
    tracing, clock = Tracing(mill, document), asyncio.get_running_loop().time
    why, asked_at = None, 0.0
    async with mill.transport.follow(document) as bell:
        while True:
            async with mill.transport.crowd:
                trace = await tracing.look()
                if why is None or why.status != trace.document.status or clock() - asked_at > WHY:
                    why, asked_at = await read_why(mill, document), clock()
            yield trace, why
            if trace.document.is_final:
                return
            await asyncio.sleep(PACE)
            await bell.wait((TICK if trace.document.status == "running" else REST) - PACE)
