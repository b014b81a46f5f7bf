"""Documents of a kind, newest first, a page at a time."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from datetime import datetime

from orchestrator.clients.session import Session
from orchestrator.errors import UsageError
from orchestrator.keys import Keys
from orchestrator.listing import Span, merged, read_heads
from orchestrator.selecting import PAGE, Selection
from orchestrator.views import Document

When = datetime | float
"""An aware time, or seconds of the epoch."""


async def documents(
    session: Session,
    *,
    status: str | Sequence[str] | None = None,
    pipeline: str | None = None,
    flag: str | None = None,
    error: str | None = None,
    tenant: str | None = None,
    since: When | None = None,
    until: When | None = None,
    limit: int | None = None,
) -> AsyncGenerator[Sequence[Document], None]:
    """Documents, newest first: their states, without steps and outputs (`get` has those).

    All that is given must hold. A page of 200 is one round trip; what changes its status meanwhile may be left out.

    Args:
        status: one, or any of several.
        pipeline: its name.
        flag: that it carries, such as needs_review.
        error: a word that its error has: its class, or its step.
        tenant: whose it is.
        since: submitted then or later: an aware datetime, or seconds of the epoch.
        until: submitted before then.
        limit: most documents.

    Raises:
        UsageError: no such status, a flag that cannot be, a time without a zone.
    """
    statuses = (status,) if isinstance(status, str) else tuple(status or ())
    selection = Selection(statuses, pipeline, error, flag, _seconds(since), _seconds(until), tenant)
    selection.check()
    if limit is not None and limit < 0:
        raise UsageError(f"limit {limit} is not possible: give the most documents that are wanted, or None")
    mill, left, keys = await session.connect(), limit, Keys()
    size = PAGE if limit is None else min(PAGE, limit)
    zsets = [keys.by(index) for index in selection.indexes]
    spots = merged(mill.transport, zsets, Span(selection.since, selection.until), size)
    async with aclosing(spots) as pages:
        while left != 0 and (page := await anext(pages, None)) is not None:
            views = await read_heads(mill.transport, keys, [spot.id for spot in page])
            found = [one for one in views if selection.takes(one)]
            yield found[:left]
            left = None if left is None else max(0, left - len(found))


def _seconds(when: When | None) -> float | None:
    if not isinstance(when, datetime):
        return when
    if when.tzinfo is None:
        raise UsageError(f"{when} has no time zone: give an aware datetime, or seconds of the epoch")
    return when.timestamp()
