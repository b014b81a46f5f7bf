"""Documents of a kind, newest first, a page at a time."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from datetime import datetime

from orchestrator.calls import DocumentCalls
from orchestrator.calls.pages import PageCalls
from orchestrator.client import Mill
from orchestrator.clients.session import Session
from orchestrator.errors import UsageError
from orchestrator.ids import is_of_finish
from orchestrator.keys import Keys
from orchestrator.selecting import PAGE, Selection
from orchestrator.views import Document, view_document

When = datetime | float
"""An aware time, or seconds of the epoch."""


@dataclass
class _Index:
    """One index, read from its newest end; a page ahead of what was told."""

    name: str
    high: float | None
    exclusive: bool = True
    skip: int = 0
    ended: bool = False
    ahead: list[tuple[float, str]] = field(default_factory=list[tuple[float, str]])
    """Newest last."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is ahead, though there may be more."""
        return not self.ahead and not self.ended

    def take(self, page: Sequence[tuple[str, float]]) -> None:
        """Keep a page; those of the same moment as its last are met again by the next, and skipped."""
        self.ended = not page
        if page:
            last = page[-1][1]
            self.skip = sum(when == last for _, when in page) + (self.skip if last == self.high else 0)
            self.high, self.exclusive = last, False
            self.ahead = [(when, document) for document, when in reversed(page)]


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
    selection = Selection(statuses, pipeline, error, flag, _seconds(since), _seconds(until))
    selection.check()
    if limit is not None and limit < 0:
        raise UsageError(f"limit {limit} is not possible: give the most documents that are wanted, or None")
    mill, left = await session.connect(), limit
    size = PAGE if limit is None else min(PAGE, limit)
    async with aclosing(_merged(mill, selection, size)) as pages:
        while left != 0 and (page := await anext(pages, None)) is not None:
            found = [one for one in await _views(mill, page) if selection.takes(one) and tenant in (None, one.tenant)]
            yield found[:left]
            left = None if left is None else max(0, left - len(found))


async def _merged(mill: Mill, selection: Selection, size: int) -> AsyncGenerator[Sequence[str], None]:
    """Ids of all the indexes, newest first; one that moved from one to another meanwhile is told once."""
    indexes = [_Index(name, selection.until) for name in selection.indexes]
    told = ""
    while True:
        wanting = [index for index in indexes if index.is_empty]
        calls = PageCalls(Keys())
        asked = [
            calls.newest(i.name, size, low=selection.since, high=i.high, exclusive=i.exclusive, skip=i.skip)
            for i in wanting
        ]
        for index, found in zip(wanting, await mill.transport.send_all(asked), strict=True):
            index.take(found)
        page: list[str] = []
        while not any(index.is_empty for index in indexes) and any(index.ahead for index in indexes):
            _, document = max((i for i in indexes if i.ahead), key=lambda index: index.ahead[-1]).ahead.pop()
            if document != told and not is_of_finish(document):
                page.append(document)
            told = document
        if page:
            yield page
        if all(index.ended for index in indexes):
            return


async def _views(mill: Mill, documents: Sequence[str]) -> list[Document]:
    calls = DocumentCalls(Keys())
    heads = await mill.transport.send_all([calls.head(document) for document in documents])
    return [view_document(i, head, {}, {}, {}, []) for i, head in zip(documents, heads, strict=True) if head]


def _seconds(when: When | None) -> float | None:
    if not isinstance(when, datetime):
        return when
    if when.tzinfo is None:
        raise UsageError(f"{when} has no time zone: give an aware datetime, or seconds of the epoch")
    return when.timestamp()
