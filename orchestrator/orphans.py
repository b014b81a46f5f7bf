"""Folders of the blob store that no document has: whoever stored a file may have died before it submitted.

A folder is deleted a day after it was first seen without a document, by the server's clock: a submission may be under way.
"""

import asyncio
from collections.abc import Sequence

from orchestrator.blobs import Blobs
from orchestrator.calls import DocumentCalls, DutyCalls
from orchestrator.connection import Asynchronous
from orchestrator.ids import ID
from orchestrator.logs import logger

log = logger(__name__)

AGE = 86_400.0
"""Seconds."""
PERIOD = 3600.0
"""Seconds between two looks, of all processes together."""
PAGE = 200
"""Documents asked for in one round trip."""


async def collect_orphans(transport: Asynchronous, blobs: Blobs, calls: DocumentCalls, duties: DutyCalls) -> list[str]:
    """Delete those that were seen a day ago, and remember the others; returns what was deleted.

    Of any number of processes one does it in each period.
    """
    if not await transport.send(duties.turn("orphans", PERIOD)):
        return []
    names = [name for name in await asyncio.to_thread(blobs.folders) if ID.fullmatch(name)]
    found = [name for first in range(0, len(names), PAGE) for name in await _without(transport, calls, names, first)]
    now = await transport.send(calls.time())
    due = set(await transport.send(duties.orphans_seen_before(now - AGE)))
    old = [name for name in found if name in due]
    await asyncio.to_thread(_delete, blobs, old)
    # What has a document meanwhile, or is deleted, is forgotten.
    await transport.send_all([duties.forget_orphans(sorted(due)), duties.see_orphans(sorted(set(found) - due), now)])
    return old


async def _without(transport: Asynchronous, calls: DocumentCalls, names: Sequence[str], first: int) -> list[str]:
    page = names[first : first + PAGE]
    there = await transport.send_all([calls.exists(document) for document in page])
    return [document for document, is_there in zip(page, there, strict=True) if not is_there]


def _delete(blobs: Blobs, names: Sequence[str]) -> None:
    for name in names:
        blobs.delete(name)
        log.info("orphaned blobs deleted", document=name)
