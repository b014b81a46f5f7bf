"""What happens to a document or to a batch, told as it happens."""

from collections.abc import AsyncGenerator, Sequence

from orchestrator.batches.views import BatchView
from orchestrator.calls import DocumentCalls
from orchestrator.client import Mill
from orchestrator.clients.ear import Ear
from orchestrator.clients.facts import Event, checked_after, events_of, fresh, milliseconds
from orchestrator.clients.session import Session
from orchestrator.errors import NotFound, TooLate
from orchestrator.ids import checked_id
from orchestrator.keys import Keys, shard_of
from orchestrator.views import Document, iso, view_document


async def events(
    session: Session, document: str, *, after: str | None = None, timeout: float | None = None
) -> AsyncGenerator[Sequence[Event], None]:
    """What has happened to a document, then what happens, as it does; ends when the document has ended.

    They are worked out of the document's own state, told by the transitions of the server: so none is lost to a broken
    connection, however long. What follows another within a tenth of a second may be left out, the end of a step never.

    Args:
        after: the id of the last event that was seen; what happened in its very millisecond may be told again.
        timeout: seconds; None follows for as long as it takes.

    Raises:
        TooLate: the document has not ended in that time. NotFound: no such document, or it was purged meanwhile.
        UsageError: `after` is no event's id.
    """
    since, told = (0 if after is None else checked_after(after)), set({after} if after else ())
    watched = _Watched(await session.connect(), checked_id(document))
    ear = Ear(watched.transport, watched.is_meant, timeout)
    while True:
        view, now = await watched.look(ear)
        new = [event for event in fresh(events_of(view, now), told) if milliseconds(event) >= since]
        if new:
            yield new
        if view.is_final:
            return
        if not await ear.told():
            raise TooLate(
                f"{document} is still {view.status} after {timeout:g} s: it goes on, and may be followed again"
            )


async def watch_batch(
    session: Session, batch: str, *, timeout: float | None = None
) -> AsyncGenerator[Sequence[BatchView], None]:
    """A batch as it is, then whenever its counts have changed, at most ten times a second; ends when it has ended.

    Args:
        timeout: seconds; None follows for as long as it takes.

    Raises:
        TooLate: it has not ended in that time. NotFound: no such batch, or it was purged meanwhile.
    """
    mill, members = await session.connect(), f"{checked_id(batch)}."
    ear = Ear(mill.transport, lambda what: what.startswith(members) and "/" not in what, timeout)
    shown: BatchView | None = None
    while True:
        ear.begin(await mill.transport.send(mill.calls.time()))
        view = await mill.batch(batch)
        if shown is None or _counts(view) != _counts(shown):
            yield [view]
        shown = view
        if view.is_final:
            return
        if not await ear.told():
            raise TooLate(f"batch {batch} is {view.state} after {timeout:g} s: it goes on, and may be watched again")


def _counts(view: BatchView) -> tuple[object, ...]:
    return (
        view.state,
        view.documents,
        view.running,
        view.succeeded,
        view.partial,
        view.failed,
        view.cancelled,
        view.refused,
    )


class _Watched:
    """One document, read without its outputs."""

    def __init__(self, mill: Mill, document: str) -> None:
        self.transport, self._document = mill.transport, document
        self._calls = DocumentCalls(Keys(shard_of(document)))
        self._plan: dict[str, str] = {}
        self._mapped: list[str] = []

    def is_meant(self, what: str) -> bool:
        """Whether it is the document, or a step of it, that moved."""
        return what == self._document or what.startswith(f"{self._document}/")

    async def look(self, ear: Ear) -> tuple[Document, str]:
        """The document, and when that was.

        Raises:
            NotFound: it is not there, or no more.
        """
        calls, document = self._calls, self._document
        # The time first: what happens after it is heard of, also where it was seen already.
        asked = [calls.time(), calls.head(document), calls.log(document)]
        counted = [calls.items_done(document, step) for step in self._mapped]
        now, head, log, *done = await self.transport.send_all([*asked, *counted])
        if not head:
            raise NotFound(
                f"there is no document {document}: it was never submitted, or was purged after its retention"
            )
        if not self._plan:
            await self._know(head["pipeline"])
            return await self.look(ear)
        ear.begin(now)
        view = view_document(document, head, self._plan, {}, dict(zip(self._mapped, done, strict=True)), log)
        return view, iso(str(int(now * 1000))) or ""

    async def _know(self, pipeline: str) -> None:
        self._plan = await self.transport.send(self._calls.plan(pipeline))
        self._mapped = [field.removeprefix("over:") for field in self._plan if field.startswith("over:")]
