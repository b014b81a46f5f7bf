"""What happens to a document or to a batch, told as it happens."""

from collections.abc import AsyncGenerator, Sequence

from orchestrator.batches.views import BatchView
from orchestrator.client import Mill
from orchestrator.errors import TooLate
from orchestrator.following.ear import Ear
from orchestrator.following.facts import Event, checked_after, events_of, fresh, milliseconds
from orchestrator.following.watched import Watched
from orchestrator.ids import checked_id


async def story(
    mill: Mill, document: str, *, after: str | None = None, timeout: float | None = None
) -> AsyncGenerator[Sequence[Event], None]:
    """What has happened to a document, then what happens, as it does; ends when the document has ended.

    Args:
        after: the id of the last event that was seen; what happened in its very millisecond may be told again.
        timeout: seconds; None follows for as long as it takes.

    Raises:
        TooLate: the document has not ended in that time. NotFound: no such document, or it was purged meanwhile.
        UsageError: `after` is no event's id.
    """
    since, told = (0 if after is None else checked_after(after)), set({after} if after else ())
    watched = Watched(mill, checked_id(document))
    async with mill.transport.follow(document) as bell:
        ear = Ear(bell, timeout)
        while True:
            view, now = await watched.look()
            new = [event for event in fresh(events_of(view, now), told) if milliseconds(event) >= since]
            if new:
                yield new
            if view.is_final:
                return
            if not await ear.told():
                raise TooLate(
                    f"{document} is still {view.status} after {timeout:g} s: it goes on, and may be followed again"
                )


async def batch_story(
    mill: Mill, batch: str, *, timeout: float | None = None
) -> AsyncGenerator[Sequence[BatchView], None]:
    """A batch as it is, then whenever its counts have changed, at most ten times a second; ends when it has ended.

    Args:
        timeout: seconds; None follows for as long as it takes.

    Raises:
        TooLate: it has not ended in that time. NotFound: no such batch, or it was purged meanwhile.
    """
    shown: BatchView | None = None
    async with mill.transport.follow(checked_id(batch)) as bell:
        ear = Ear(bell, timeout)
        while True:
            async with mill.transport.crowd:
                view = await mill.batch(batch)
            if shown is None or counts(view) != counts(shown):
                yield [view]
            shown = view
            if view.is_final:
                return
            if not await ear.told():
                raise TooLate(
                    f"batch {batch} is {view.state} after {timeout:g} s: it goes on, and may be watched again"
                )


def counts(view: BatchView) -> tuple[object, ...]:
    """What of a batch moves."""
    ended = (view.succeeded, view.partial, view.failed, view.cancelled)
    return (view.state, view.documents, view.running, *ended, view.refused)
