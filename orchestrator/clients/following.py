"""What happens to a document or to a batch, told as it happens."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from orchestrator.batches.views import BatchView
from orchestrator.clients.session import Session
from orchestrator.following import Event, batch_story, story


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
    async with aclosing(story(await session.connect(), document, after=after, timeout=timeout)) as pages:
        async for page in pages:
            yield page


async def watch_batch(
    session: Session, batch: str, *, timeout: float | None = None
) -> AsyncGenerator[Sequence[BatchView], None]:
    """A batch as it is, then whenever its counts have changed, at most ten times a second; ends when it has ended.

    Args:
        timeout: seconds; None follows for as long as it takes.

    Raises:
        TooLate: it has not ended in that time. NotFound: no such batch, or it was purged meanwhile.
    """
    async with aclosing(batch_story(await session.connect(), batch, timeout=timeout)) as pages:
        async for page in pages:
            yield page
