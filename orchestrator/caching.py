"""The cache of step results, tidied: entries leave when their time has passed, and their blobs after them."""

import asyncio
from collections.abc import Sequence

from orchestrator.blobs import Blobs
from orchestrator.calls import Call
from orchestrator.calls.caching import CacheCalls
from orchestrator.connection import Asynchronous
from orchestrator.failpoints import failpoint
from orchestrator.keys import Keys, shard_of
from orchestrator.logs import logger, place_of

log = logger(__name__)

CACHE = "cache"
"""The folder of the blob store that holds the entries' blobs; no document's id is such a word."""


async def tidy_cache(transport: Asynchronous, blobs: Blobs) -> bool:
    """Let go of what has passed its time or is too much; returns whether more is to be done.

    Whoever dies in between is followed by another: a folder is forgotten only when it is deleted.
    """
    calls = CacheCalls(Keys())
    again, folders = await transport.send(calls.take())
    failpoint("cache.taken")
    gone = await asyncio.to_thread(_delete, blobs, folders)
    if gone:
        await transport.send(calls.drop(gone))
    return again or (len(folders) > 0 and len(gone) == len(folders))


async def empty_cache(transport: Asynchronous, blobs: Blobs) -> int:
    """Let go of all that is kept; returns how many entries it was."""
    return await _let_go(transport, blobs, CacheCalls(Keys()).empty())


async def forget_cached(transport: Asynchronous, blobs: Blobs, document: str) -> int:
    """Let go of what a document gave to the cache or got from it, for whoever deletes it; returns how many entries it was."""
    return await _let_go(transport, blobs, CacheCalls(Keys(shard_of(document))).forget(document))


async def _let_go(transport: Asynchronous, blobs: Blobs, call: Call[int]) -> int:
    gone = 0
    while some := await transport.send(call):
        gone += some
    while await tidy_cache(transport, blobs):
        pass
    return gone


def _delete(blobs: Blobs, folders: Sequence[str]) -> list[str]:
    """Those that are gone; the others are tried again."""
    gone: list[str] = []
    for folder in folders:
        try:
            blobs.delete(folder)
            gone.append(folder)
        except OSError as problem:
            log.warning("blobs of the cache not deleted", folder=folder, problem=place_of(problem))
    return gone
