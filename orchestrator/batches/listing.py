"""Batches, newest first, a page at a time."""

from collections.abc import Sequence
from contextlib import aclosing

from orchestrator.batches.views import BatchView, view_batch
from orchestrator.calls import DocumentCalls
from orchestrator.calls.batches import BatchCalls
from orchestrator.connection import Asynchronous
from orchestrator.keys import Keys
from orchestrator.listing import FEWEST, MOST_LOOKED, Span, Spot, merged


async def read_batches(
    transport: Asynchronous, keys: Keys, most: int, after: Spot | None, tenant: str | None = None
) -> tuple[Sequence[BatchView], Spot | None]:
    """Some batches, newest first, and where the next page begins; None where there is no more.

    Args:
        tenant: only theirs; then there may be fewer than `most`, and the list goes on all the same.
    """
    rows, looked = list[BatchView](), 0
    async with aclosing(merged(transport, [keys.named("batches")], Span(after=after), max(most, FEWEST))) as pages:
        async for page in pages:
            calls = BatchCalls(keys)
            now, *heads = await transport.send_all([DocumentCalls(keys).time(), *(calls.head(s.id) for s in page)])
            for spot, head in zip(page, heads, strict=True):
                looked += 1
                if head and tenant in (None, head["tenant"]):
                    rows.append(view_batch(spot.id, head, now))
                if len(rows) == most or looked == MOST_LOOKED:
                    return rows, spot
    return rows, None
