"""What happens to documents and batches, as server-sent events."""

import zlib
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Header, Request, Response

from api.known import KnownRoute
from api.openapi import PROBLEM
from api.parts import BatchId, DocumentId, TheMill
from api.streaming import EventStream, sent
from orchestrator.batches.views import BatchView
from orchestrator.calls import DocumentCalls
from orchestrator.client import Mill
from orchestrator.following import Event, batch_story, story
from orchestrator.following.facts import checked_after
from orchestrator.following.stories import counts
from orchestrator.keys import Keys, shard_of
from orchestrator.missing import not_found
from orchestrator.states import FINAL_DOCUMENT

STREAM: dict[int | str, dict[str, Any]] = {
    200: {"description": "Events, for as long as there are any.", "content": {"text/event-stream": {}}},
    204: {"description": "It has ended, and all of it was told: do not come again."},
}

Last = Annotated[
    str | None, Header(alias="Last-Event-ID", max_length=64, description="Of the last event that was seen.")
]

router = APIRouter(prefix="/v1", tags=["events"], responses=PROBLEM, route_class=KnownRoute)


@router.get("/documents/{document}/events", responses=STREAM, response_class=Response)
async def document_events(
    request: Request, document: DocumentId, mill: TheMill, last_event_id: Last = None
) -> Response:
    """Follow a document: what has happened, then what happens; any process goes on after Last-Event-ID.

    Events are `status`, `step`, `progress` and `log`; `done` is the last.
    """
    after = last_event_id or None
    if after is not None:
        checked_after(after)
    calls = DocumentCalls(Keys(shard_of(document)))
    async with mill.transport.crowd:
        (status,) = await mill.transport.send(calls.fields(document, ("status",)))
    if status is None:
        raise await not_found(mill.transport, document)
    pages = story(mill, document, after=after)
    if after is not None and status.decode() in FINAL_DOCUMENT:
        rest = [event async for page in pages for event in page]
        # What happened in the very millisecond of the last event may be told again; the end was told, if it is not among it.
        if not any(event.kind == "status" and event.state in FINAL_DOCUMENT for event in rest):
            return Response(status_code=204)
        return EventStream(_told(_once(rest)), request.app.state.ending)
    return EventStream(_told(pages), request.app.state.ending)


@router.get("/batches/{batch}/events", responses=STREAM, response_class=Response)
async def batch_events(request: Request, batch: BatchId, mill: TheMill, last_event_id: Last = None) -> Response:
    """Follow a batch: its counts now, then whenever they change, at most ten times a second.

    Events are `batch`; `done` is the last.
    """
    async with mill.transport.crowd:
        now = await mill.batch(batch)
    if now.is_final and last_event_id == _identity(now):
        return Response(status_code=204)
    return EventStream(_counted(mill, batch, last_event_id), request.app.state.ending)


async def _told(pages: AsyncGenerator[Any, None]) -> AsyncGenerator[bytes, None]:
    status = ""
    async with aclosing(pages):
        async for page in pages:
            status = next((event.state for event in reversed(page) if event.kind == "status"), status)
            yield b"".join(sent(event.kind, event, event.id) for event in page)
    yield sent("done", {"status": status})


async def _once(events: list[Event]) -> AsyncGenerator[list[Event], None]:
    yield events


async def _counted(mill: Mill, batch: str, seen: str | None) -> AsyncGenerator[bytes, None]:
    async with aclosing(batch_story(mill, batch)) as pages:
        async for view in _views(pages):
            if _identity(view) != seen:
                yield sent("batch", view, _identity(view))
    yield sent("done", {"status": "ended"})


async def _views(pages: AsyncIterable[Any]) -> AsyncGenerator[BatchView, None]:
    async for page in pages:
        for view in page:
            yield view


def _identity(view: BatchView) -> str:
    """Of what it says: the same counts are not told twice."""
    return f"{view.ended}-{zlib.crc32(msgspec.json.encode(counts(view))):08x}"
