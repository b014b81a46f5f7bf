"""Which documents are meant, where somebody names a kind of them instead of their ids."""

from collections.abc import AsyncIterator

import msgspec

from orchestrator.calls import DocumentCalls
from orchestrator.connection import Asynchronous
from orchestrator.errors import UsageError
from orchestrator.flags import checked_flag
from orchestrator.ids import is_of_finish
from orchestrator.keys import Keys
from orchestrator.states import DocumentState
from orchestrator.views import Document, view_document

PAGE = 200
"""Documents looked at in one round trip."""


class Selection(msgspec.Struct, frozen=True):
    """All that is given must hold.

    Args:
        statuses: any of these; empty is any.
        pipeline: its name; or its id, `name@digest`, for one version of it.
        error: a word that the document's error has: its class, or its step.
        flag: that it carries.
        since: submitted then or later, seconds of the epoch.
        until: submitted before then.
        tenant: whose it is.
    """

    statuses: tuple[str, ...] = ()
    pipeline: str | None = None
    error: str | None = None
    flag: str | None = None
    since: float | None = None
    until: float | None = None
    tenant: str | None = None

    def check(self) -> None:
        """Refuse what no document can be.

        Raises:
            UsageError: no such status, or no such flag.
        """
        for status in self.statuses:
            if status not in set(DocumentState):
                raise UsageError(f"there is no status {status!r}: use one of {', '.join(DocumentState)}")
        if self.flag is not None:
            checked_flag(self.flag)

    @property
    def indexes(self) -> tuple[str, ...]:
        """The fewest indexes that hold all of them."""
        return (self.flag,) if self.flag else self.statuses or tuple(DocumentState)

    def takes(self, document: Document) -> bool:
        """Whether a document is meant; its time was looked at by the index."""
        return (
            (not self.statuses or document.status in self.statuses)
            and self.tenant in (None, document.tenant)
            and (self.pipeline is None or self.pipeline in (document.pipeline, document.pipeline.partition("@")[0]))
            and (self.error is None or self.error.casefold() in (document.error or "").casefold())
        )


async def select(transport: Asynchronous, keys: Keys, selection: Selection) -> AsyncIterator[Document]:
    """The documents that are meant, as their heads tell, oldest first in each status; a page in one round trip.

    Documents that end while it runs may be told twice or not at all: what is done with them must be safe to do again.
    """
    selection.check()
    calls = DocumentCalls(keys)
    for index in selection.indexes:
        low, seen = selection.since, 0
        while page := await transport.send(calls.index_page(index, PAGE, low, seen, selection.until)):
            heads = await transport.send_all([calls.head(document) for document, _ in page])
            for (document, _), head in zip(page, heads, strict=True):
                if head and not is_of_finish(document):
                    view = view_document(document, head, {}, {}, {}, [])
                    if selection.takes(view):
                        yield view
            last = page[-1][1]
            seen = sum(when == last for _, when in page) + (seen if last == low else 0)
            low = last
