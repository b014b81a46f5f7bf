"""Several indexes read as one list, newest first, a page at a time: what is asked for costs the same however far in it is.

A spot is where a reader stands: the time and the id of the last one that was told. What comes later is before every spot,
so it moves nothing.
"""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from typing import NamedTuple

from orchestrator.calls import DocumentCalls
from orchestrator.calls.pages import PageCalls
from orchestrator.connection import Asynchronous
from orchestrator.ids import is_of_finish
from orchestrator.keys import Keys
from orchestrator.selecting import Selection
from orchestrator.views import Document, view_document

FEWEST = 100
"""Members of an index that are read at once, where a page is smaller."""
MOST_LOOKED = 2000
"""Documents that are looked at for one page."""


class Spot(NamedTuple):
    """Where somebody stands in a list; the time is seconds of the epoch."""

    when: float
    id: str


@dataclass(frozen=True)
class Span:
    """What of the indexes is wanted; seconds of the epoch.

    Args:
        since: then or later. until: before then.
        after: behind this spot only.
    """

    since: float | None = None
    until: float | None = None
    after: Spot | None = None

    @property
    def start(self) -> tuple[float | None, bool]:
        """The highest time, and whether what has it is left out."""
        if self.after is None or (self.until is not None and self.until <= self.after.when):
            return self.until, True
        return self.after.when, False

    def is_behind(self, spot: Spot) -> bool:
        """Whether it was not told before."""
        return self.after is None or spot < self.after


@dataclass
class _Index:
    """One index, read from its newest end; a page ahead of what was told."""

    zset: str
    high: float | None
    exclusive: bool
    skip: int = 0
    ended: bool = False
    ahead: list[Spot] = field(default_factory=list[Spot])
    """Newest last."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is ahead, though there may be more."""
        return not self.ahead and not self.ended

    def take(self, page: Sequence[tuple[str, float]], span: Span) -> None:
        """Keep a page; those of the same moment as its last are met again by the next, and skipped."""
        self.ended = not page
        if page:
            last = page[-1][1]
            self.skip = sum(when == last for _, when in page) + (self.skip if last == self.high else 0)
            self.high, self.exclusive = last, False
            spots = [Spot(when, member) for member, when in reversed(page)]
            self.ahead = [spot for spot in spots if span.is_behind(spot)]


async def merged(
    transport: Asynchronous, zsets: Sequence[str], span: Span, size: int
) -> AsyncGenerator[Sequence[Spot], None]:
    """What all the indexes hold, newest first, about a page of `size` at once; one that moved from one index to another
    meanwhile is told once.

    Args:
        zsets: the names of their keys.
    """
    indexes = [_Index(name, *span.start) for name in zsets]
    told = ""
    while not all(index.ended and not index.ahead for index in indexes):
        wanting = [index for index in indexes if index.is_empty]
        asked = [
            PageCalls().newest(i.zset, size, low=span.since, high=i.high, exclusive=i.exclusive, skip=i.skip)
            for i in wanting
        ]
        for index, found in zip(wanting, await transport.send_all(asked), strict=True):
            index.take(found, span)
        page: list[Spot] = []
        while not any(index.is_empty for index in indexes) and any(index.ahead for index in indexes):
            spot = max((i for i in indexes if i.ahead), key=lambda index: index.ahead[-1]).ahead.pop()
            if spot.id != told:
                page.append(spot)
            told = spot.id
        if page:
            yield page


async def read_heads(transport: Asynchronous, keys: Keys, documents: Sequence[str]) -> list[Document]:
    """The documents that are there, without steps and outputs; those that on_finish made are left out."""
    calls, meant = DocumentCalls(keys), [document for document in documents if not is_of_finish(document)]
    heads = await transport.send_all([calls.head(document) for document in meant])
    return [view_document(i, head, {}, {}, {}, []) for i, head in zip(meant, heads, strict=True) if head]


async def read_page(
    transport: Asynchronous, keys: Keys, selection: Selection, most: int, after: Spot | None
) -> tuple[Sequence[Document], Spot | None]:
    """Some documents of a kind, newest first, and where the next page begins; None where there is no more.

    What is asked for may be rare: then there are fewer than `most`, or none, and the list goes on all the same.
    """
    selection.check()
    zsets, rows, looked = [keys.by(index) for index in selection.indexes], list[Document](), 0
    pages = merged(transport, zsets, Span(selection.since, selection.until, after), max(most, FEWEST))
    async with aclosing(pages):
        async for page in pages:
            views = {view.id: view for view in await read_heads(transport, keys, [spot.id for spot in page])}
            for spot in page:
                looked, view = looked + 1, views.get(spot.id)
                rows += [view] if view is not None and selection.takes(view) else []
                if len(rows) == most or looked == MOST_LOOKED:
                    return rows, spot
    return rows, None
