"""`/` and `/live`: the page, and what changes of it."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import APIRouter, Request, Response

from api.page.blocks import Page
from api.page.parts import ThePulse, TheViewer, may_go_on
from api.page.refusing import wants_page
from api.page.rendering import page
from api.page.sending import updates
from api.page.viewer import Viewer
from api.parts import as_json
from api.problems import SOON, Problem
from api.streaming import EventStream

UNAVAILABLE = 503

router = APIRouter(include_in_schema=False)


@router.get("/")
async def home(request: Request, viewer: TheViewer, pulse: ThePulse) -> Response:
    """All of it, as it stands now; its twin is JSON."""
    found = await _page(request, viewer, pulse)
    if not wants_page(request):
        if found.shown is None:
            raise Problem("redis-unreachable", found.verdict.says, retry_after=SOON)
        return as_json(found.shown)
    status = UNAVAILABLE if found.beat.trouble else 200
    return page(
        request, "home.html", status, viewer=viewer, verdict=found.verdict, parts=found.parts, columns=found.columns
    )


@router.get("/live")
async def live(request: Request, viewer: TheViewer, pulse: ThePulse) -> Response:
    """What changes of it, each second; nothing where nothing does."""
    return EventStream(updates(_pages(request, viewer, pulse), {}, may_go_on(request)), request.app.state.ending)


async def _pages(request: Request, viewer: Viewer, pulse: ThePulse) -> AsyncGenerator[Page, None]:
    state = request.app.state
    async with aclosing(pulse.beats()) as beats:
        async for beat in beats:
            yield state.blocks.page(beat, viewer, await state.owns.of(viewer))


async def _page(request: Request, viewer: Viewer, pulse: ThePulse) -> Page:
    state = request.app.state
    return state.blocks.page(await pulse.now(), viewer, await state.owns.of(viewer))
