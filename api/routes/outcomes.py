"""What became of the lines of a batch: page by page as JSON, or all of them as JSONL."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Header, Query, Request, Response
from starlette.responses import StreamingResponse

from api.cursors import page
from api.known import KnownRoute
from api.openapi import PROBLEM, answer
from api.parts import BatchId, TheMill
from api.routes.batches import JSONL
from api.routes.listing import Limit
from api.wire.batches import OutcomeList
from orchestrator.batches.lines import MOST_LINES
from orchestrator.batches.outcomes import Outcome
from orchestrator.client import Mill

BOTH: dict[int | str, dict[str, Any]] = {200: answer("OutcomeList", "The outcomes.")}
BOTH[200]["content"][JSONL[0]] = {"schema": {"type": "string"}}

router = APIRouter(prefix="/v1/batches", tags=["batches"], responses=PROBLEM, route_class=KnownRoute)


@router.get("/{batch}/outcomes", responses=BOTH)
async def outcomes(
    batch: BatchId,
    request: Request,
    mill: TheMill,
    first: Annotated[int, Query(ge=1, le=MOST_LINES, description="The line to begin with.")] = 1,
    limit: Limit = 100,
    accept: Annotated[str, Header(description="application/jsonl streams all of them, one a line.")] = "",
) -> Response:
    """What became of each line, in order, refused ones included; those that have not ended say so."""
    view = await mill.batch(batch)
    if any(kind in accept for kind in JSONL):
        return StreamingResponse(_stream(mill, batch, first), media_type=JSONL[0])
    found = await _page(mill, batch, first, limit)
    last = found[-1].line if found else first
    more = last < view.documents + view.refused
    asked = request.url.include_query_params(first=last + 1)
    address = f"{asked.path}?{asked.query}" if more and found else None
    return page(OutcomeList(found, address), address)


async def _page(mill: Mill, batch: str, first: int, limit: int) -> list[Outcome]:
    found: list[Outcome] = []
    async with aclosing(mill.outcomes(batch, first)) as told:
        async for outcome in told:
            found.append(outcome)
            if len(found) == limit:
                break
    return found


async def _stream(mill: Mill, batch: str, first: int) -> AsyncGenerator[bytes, None]:
    async with aclosing(mill.outcomes(batch, first)) as told:
        async for outcome in told:
            yield msgspec.json.encode(outcome) + b"\n"
