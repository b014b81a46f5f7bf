"""What a document's steps made, in the form that is asked for."""

from typing import Annotated, Any, cast

from fastapi import APIRouter, Header, Query, Response

from api.forms import best_of
from api.known import KnownRoute
from api.openapi import PROBLEM
from api.parts import DocumentId, TheMill, as_json
from api.preferring import Preferred, Waited, applied
from api.problems import Problem
from orchestrator.client import Mill
from orchestrator.errors import NotFound
from orchestrator.views import Document

USUAL_WAIT = 30
JSON, PLAIN, MARKDOWN = OFFERED = ("application/json", "text/plain", "text/markdown")
NEXT_PAGE = "\f"
"""Parts the pages of a text."""
RULE = "\n\n---\n\n"
"""Parts them in Markdown."""

OUTPUT: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The output, as JSON; or its text, where it is one or has one.",
        "content": {
            JSON: {},
            **{media: {"schema": {"type": "string"}} for media in (PLAIN, MARKDOWN)},
        },
    }
}

router = APIRouter(prefix="/v1/documents", tags=["documents"], responses=PROBLEM, route_class=KnownRoute)


@router.get("/{document}/result", responses=OUTPUT, response_class=Response)
async def result(
    document: DocumentId,
    mill: TheMill,
    wait: Waited,
    preferred: Preferred,
    step: str | None = None,
    page: Annotated[int | None, Query(ge=1, le=10_000, description="Of a step that made a list: which of it.")] = None,
    accept: Annotated[str, Header(max_length=1024)] = "*/*",
) -> Response:
    """Fetch the output of the pipeline's last step, or of the step that is named; all of it, or one page.

    Accept chooses: JSON, or text/plain and text/markdown where the output is a text or has one.
    """
    media = best_of(accept, OFFERED)
    if media is None:
        raise Problem("not-acceptable", f"a result is {', '.join(OFFERED)}, not {accept}")
    view = await (mill.wait(document, wait) if wait else mill.get(document))
    wanted = step or await _result_step(mill, view)
    _refuse_missing(view, wanted, whole=step is None)
    output = await _output(mill, document, wanted)
    if page is not None:
        output = _page(output, page, wanted)
    return applied(as_json(output) if media == JSON else _as_text(output, media, view, wanted), preferred)


async def _output(mill: Mill, document: str, step: str) -> Any:
    try:
        return await mill.output(document, step)
    except FileNotFoundError:
        why = "it was purged meanwhile, or this API does not reach the store that the workers write to"
        raise Problem("output-gone", f"the output of {step!r} is not in the blob store: {why}") from None
    except NotFound:
        # It is done, so there was one: the pipeline keeps none, or the document is being purged.
        why = "its pipeline keeps no results, or the document was purged meanwhile"
        raise Problem("output-gone", f"the output of {step!r} of {document} is gone: {why}") from None


def _page(output: Any, page: int, step: str) -> Any:
    if isinstance(output, str) and NEXT_PAGE in output:
        output = output.split(NEXT_PAGE)
    elif not isinstance(output, list):
        text = _text(output)
        output = [output] if text is None else text.split(NEXT_PAGE)
    pages = cast("list[Any]", output)
    if page > len(pages):
        raise Problem("unknown-page", f"{step!r} made {len(pages)} pages: there is no page {page}")
    return pages[page - 1]


def _as_text(output: Any, media: str, view: Document, step: str) -> Response:
    text = _text(output)
    if text is None:
        steps = ", ".join(one.name for one in view.steps)
        told = (
            f"the output of {step!r} is no text: ask for application/json, or name another step with ?step= ({steps})"
        )
        raise Problem("not-acceptable", told)
    content = text.replace(NEXT_PAGE, RULE) if media == MARKDOWN else text
    # What a document says is never taken for a page by a browser that looks into it.
    return Response(content.encode(errors="replace"), headers={"X-Content-Type-Options": "nosniff"}, media_type=media)


def _text(output: Any) -> str | None:
    """The text that an output is, or has; of a list, its pages' texts; None where there is none."""
    if isinstance(output, str):
        return output
    if isinstance(output, dict):
        text = cast("dict[str, Any]", output).get("text")
        return text if isinstance(text, str) else None
    if isinstance(output, list) and output:
        # A page that could not be read is None, or has no text: its place stays.
        texts = [_text(page) for page in cast("list[Any]", output)]
        return None if all(text is None for text in texts) else NEXT_PAGE.join(text or "" for text in texts)
    return None


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
        raise Problem(
            "not-finished", f"{told}: wait with GET {router.prefix}/{view.id}?wait={USUAL_WAIT}", retry_after=1
        )
    if states[wanted] != "done":
        told = f" ({view.error})" if view.error else ""
        raise Problem("no-result", f"{view.id} {view.status}{told}: its step {wanted!r} is {states[wanted]}")
