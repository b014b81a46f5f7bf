"""What somebody may do from the page. Each says how much it touches; what touches many wants the count typed."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from api.page.bulk import Bulk, chosen, do_all
from api.page.parts import ThePulse, said
from api.parts import DocumentId, TheAccess, TheMill
from api.problems import Problem, missing_as
from api.routes.lanes import LaneName
from orchestrator.overview.wording import many
from orchestrator.states import DocumentState

Why = Annotated[str, Form(max_length=500)]
Start = Annotated[str, Form(max_length=64)]

router = APIRouter(include_in_schema=False)


@router.post("/lanes/{lane}/pause")
async def pause(request: Request, lane: LaneName, mill: TheMill, pulse: ThePulse) -> Response:
    """Give out no more of a lane's jobs."""
    await mill.pause("lane", lane)
    pulse.nudge()
    return said(request, f"Lane {lane} is paused: what runs goes on, what waits stays where it is.", "/#lanes")


@router.post("/lanes/{lane}/resume")
async def resume(request: Request, lane: LaneName, mill: TheMill, pulse: ThePulse) -> Response:
    """Give them out again."""
    await mill.resume("lane", lane)
    pulse.nudge()
    return said(request, f"Lane {lane} gives out its jobs again.", "/#lanes")


@router.post("/workers/{worker}/drain")
async def drain(request: Request, worker: str, mill: TheMill, pulse: ThePulse) -> Response:
    """Ask a worker to end."""
    with missing_as("unknown-worker"):
        word = await mill.drain(worker)
    pulse.nudge()
    told = "has ended already" if word == "ended" else "takes no new jobs, and ends when what it runs has ended"
    return said(request, f"Worker {worker} {told}.", "/#workers")


@router.post("/documents/retry")
async def retry_all(
    request: Request, mill: TheMill, access: TheAccess, pulse: ThePulse, form: Annotated[Bulk, Form()]
) -> Response:
    """Run all of a kind again: so many as somebody saw, at most."""
    form.check("retry")
    words = await do_all(mill, "retry", await chosen(mill, form.selection(access.only_tenant), form.count))
    pulse.nudge()
    return said(request, _counted(words, "revived", "run again"), f"/documents?status={form.status}")


@router.post("/documents/cancel")
async def cancel_all(
    request: Request, mill: TheMill, access: TheAccess, pulse: ThePulse, form: Annotated[Bulk, Form()]
) -> Response:
    """End all of a kind: so many as somebody saw, at most."""
    form.check("cancel")
    words = await do_all(mill, "cancel", await chosen(mill, form.selection(access.only_tenant), form.count))
    pulse.nudge()
    return said(request, _counted(words, "cancelled", "cancelled"), f"/documents?status={form.status}")


@router.post("/documents/{document}/cancel")
async def cancel(request: Request, document: DocumentId, mill: TheMill, pulse: ThePulse, why: Why = "") -> Response:
    """End a document."""
    state = await mill.cancel(document, why.strip() or "asked for on the page")
    pulse.nudge()
    if state != DocumentState.CANCELLED:
        raise Problem("already-ended", f"{document} had {state} before: there is nothing left to cancel")
    return said(request, f"Document {document} is cancelled.", f"/documents/{document}")


@router.post("/documents/{document}/retry")
async def retry(request: Request, document: DocumentId, mill: TheMill, pulse: ThePulse, start: Start = "") -> Response:
    """Run what is missing of an ended document."""
    word = await mill.retry(document, start=start or None, why="asked for on the page")
    pulse.nudge()
    if word == "complete":
        raise Problem("nothing-missing", f"nothing of {document} is missing: choose a step from which on it runs again")
    if word != "revived":
        raise Problem("not-finished", f"{document} is {word}: only what has ended is tried again")
    return said(request, f"Document {document} runs again: what is missing of it.", f"/documents/{document}")


def _counted(words: Counter[str], word: str, told: str) -> str:
    left = words.total() - words[word]
    more = f" {many(left, 'document')} had changed meanwhile, and were left as they are." if left else ""
    return f"{many(words[word], 'document')} {told}.{more}"
