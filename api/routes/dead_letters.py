"""`/v1/dead-letters`: what failed for good, and trying all of a kind again."""

from collections import Counter
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.bodies import json_in
from api.known import KnownRoute
from api.openapi import PROBLEM, answer, json_body
from api.parts import TheAccess, TheMill, as_json
from api.wire.dead_letters import BulkRetry, Retried
from orchestrator.access import Access
from orchestrator.client import Mill
from orchestrator.outlook.dead_letters import read_dead_letters, tell_whys
from orchestrator.selecting import Selection

AT_ONCE = 100
"""Documents that are tried again between two looks at what has changed."""

router = APIRouter(prefix="/v1/dead-letters", tags=["dead letters"], responses=PROBLEM, route_class=KnownRoute)


@router.get("", responses={200: answer("DeadLetters", "The newest, and how many of each kind.")})
async def index(
    mill: TheMill,
    access: TheAccess,
    error: Annotated[str | None, Query(max_length=200, description="Its class, or its step.")] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Response:
    """Documents that failed for good, and what they failed of. All of them, page by page: /v1/documents?status=failed."""
    found = await read_dead_letters(mill, limit, error, access.only_tenant)
    await tell_whys(mill, found.letters)
    return as_json(found)


@router.post("/retry", responses={200: answer("Retried", "What became of them.")}, openapi_extra=json_body(BulkRetry))
async def retry(request: Request, mill: TheMill, access: TheAccess) -> Response:
    """Try all of a kind again: only what is missing of each runs. With `dry_run`, only say how many it would be."""
    wanted = await json_in(request, BulkRetry)
    chosen = await _chosen(mill, wanted, access)
    more, chosen = len(chosen) > wanted.most, chosen[: wanted.most]
    words: Counter[str] = Counter()
    for first in range(0, 0 if wanted.dry_run else len(chosen), AT_ONCE):
        some = chosen[first : first + AT_ONCE]
        words.update(await mill.retry_all(some, start=wanted.start, why=wanted.why))
    return as_json(Retried(len(chosen), wanted.dry_run, more, dict(words)))


async def _chosen(mill: Mill, wanted: BulkRetry, access: Access) -> list[str]:
    """One more than are wanted, where there are more. All are found first: to be revived moves them."""
    begin, end = (when and when.timestamp() for when in (wanted.since, wanted.until))
    selection = Selection(("failed",), wanted.pipeline, wanted.error, wanted.flag, begin, end, access.only_tenant)
    chosen: list[str] = []
    async for document in mill.select(selection):
        chosen.append(document.id)
        if len(chosen) > wanted.most:
            break
    return chosen
