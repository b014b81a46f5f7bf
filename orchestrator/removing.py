"""Taking documents out of the mill before their time, with all that hangs on them."""

import asyncio
from collections.abc import Sequence

from orchestrator.batches.batching import Batching
from orchestrator.caching import forget_cached
from orchestrator.calls.batches import BatchCalls
from orchestrator.calls.caching import CacheCalls
from orchestrator.errors import TooLate, UsageError
from orchestrator.failpoints import failpoint
from orchestrator.ids import checked_id
from orchestrator.keys import Keys, shard_of
from orchestrator.missing import not_found
from orchestrator.results.removing import remove_results
from orchestrator.states import FINAL_DOCUMENT
from orchestrator.worker_records import held_documents, slot_names

AT_ONCE = 25
"""Documents marked, and dropped, in one call; each may have some of on_finish."""
LOOK = 0.1
"""Seconds between two looks whether a slot still runs a job."""
MARGIN = 15.0
"""Seconds, besides a lease, after which no slot runs a job of an ended document any more, whatever became of its machine."""


class Removing(Batching):
    """Deletes."""

    async def delete(self, document: str, why: str = "someone asked for it to be deleted") -> None:
        """Delete a document and all that hangs on it: what runs is ended first, then the results that `store` wrote (files and
        rows), what the cache of step results has of it, its blobs, the documents of its on_finish, and its keys go. A
        batch's id deletes the batch, not its members.

        Args:
            why: for the log, while there is one.

        Raises:
            NotFound: no such document or batch; nothing of it is left.
            UsageError: a batch that has not ended. Unavailable: the results' database cannot be used; nothing was deleted.
            TooLate: a step of it does not end; it is cancelled, and can be deleted once its worker is gone.
        """
        if await self.cancel_all([checked_id(document)], why) != ["unknown"]:
            later = (await self._of_finish([document]))[document]  # its cancellation may have made one
            await self.cancel_all(later, why)
            await self._until_idle([document, *later])
        elif not await self._is_ended_batch(document):
            raise await not_found(self.transport, document)
        await self.delete_all([document])

    async def delete_all(self, documents: Sequence[str]) -> list[str]:
        """Delete ended documents, each with those of its on_finish; returns those that were there.

        One that has not ended, or whose on_finish has not, is left alone. Whoever does it may die half way: what is
        marked is purged ten minutes later.
        """
        gone: list[str] = []
        for first in range(0, len(documents), AT_ONCE):
            gone += await self._delete_some(documents[first : first + AT_ONCE])
        return gone

    async def _delete_some(self, documents: Sequence[str]) -> list[str]:
        ended = await self._ended(documents)
        # What no purge would find goes first: until it is gone, the document is there to be deleted again.
        await asyncio.to_thread(remove_results, self.settings, ended)
        await self._forget_cached(ended)
        failpoint("delete.results")
        marked = await self.transport.send(self.duties.purge_mark(ended)) if ended else []
        failpoint("delete.marked")
        await asyncio.to_thread(self._delete_blobs, marked)
        failpoint("delete.files")
        if marked:
            await self.transport.send(self.duties.purge_drop(marked))
        return [document for document in documents if document in marked]

    async def _forget_cached(self, documents: Sequence[str]) -> None:
        known = await self.transport.send_all([CacheCalls(Keys(shard_of(one))).knows(one) for one in documents])
        for document, is_known in zip(documents, known, strict=True):
            if is_known:
                await forget_cached(self.transport, self.blobs, document)

    async def _ended(self, documents: Sequence[str]) -> list[str]:
        """Those of them that have ended, with those of their on_finish."""
        families = await self._of_finish(documents)
        ids = [one for document, later in families.items() for one in (document, *later)]
        found = await self.transport.send_all([self.calls.field(one, "status") for one in ids])
        final = {one for one, status in zip(ids, found, strict=True) if status and status.decode() in FINAL_DOCUMENT}
        batches = [one for one, status in zip(ids, found, strict=True) if status is None]
        heads = await self.transport.send_all([BatchCalls(Keys(shard_of(one))).head(one) for one in batches])
        final |= {one for one, head in zip(batches, heads, strict=True) if head.get("state") == "ended"}
        return [
            one for document, later in families.items() if {document, *later} <= final for one in (document, *later)
        ]

    async def _is_ended_batch(self, batch: str) -> bool:
        head = await self.transport.send(BatchCalls(Keys(shard_of(batch))).head(batch))
        if head and head["state"] != "ended":
            raise UsageError(f"batch {batch} has not ended: docmill batch cancel {batch} ends it")
        return bool(head)

    async def _of_finish(self, documents: Sequence[str]) -> dict[str, list[str]]:
        """The documents that their on_finish made, by document."""
        lives = await self.transport.send_all([self.calls.field(document, "revived") for document in documents])
        names = {
            document: [f"{document}.finish", *(f"{document}.finish{n}" for n in range(1, int(life or 0) + 1))]
            for document, life in zip(documents, lives, strict=True)
        }
        flat = [name for of_one in names.values() for name in of_one]
        there = await self.transport.send_all([self.calls.exists(name) for name in flat])
        found = {name for name, is_there in zip(flat, there, strict=True) if is_there}
        return {document: [name for name in of_one if name in found] for document, of_one in names.items()}

    async def _until_idle(self, documents: Sequence[str]) -> None:
        """Until no slot runs a job of theirs: what it would write would be nobody's."""
        loop = asyncio.get_running_loop()
        give_up = loop.time() + self.settings.lease + MARGIN
        while running := await self._running(set(documents)):
            if loop.time() >= give_up:
                raise TooLate(f"{running[0]} is cancelled, but a step of it still runs: delete it again later")
            await asyncio.sleep(LOOK)

    async def _running(self, documents: set[str]) -> list[str]:
        workers = await self.transport.send(self.calls.workers())
        records = await self.transport.send_all([self.calls.worker(worker) for worker in workers])
        slots = [name for pair in zip(workers, records, strict=True) for name in slot_names(*pair)]
        found = await self.transport.send_all([self.calls.slot(slot) for slot in slots])
        return [document for slot in found for document in held_documents(slot) if document in documents]

    def _delete_blobs(self, documents: Sequence[str]) -> None:
        for document in documents:
            self.blobs.delete(document)
