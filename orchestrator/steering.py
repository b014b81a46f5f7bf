"""What can be done about documents that are there, and about what gives out their jobs."""

from collections.abc import Sequence

from orchestrator import admission
from orchestrator.errors import NotFound, UsageError
from orchestrator.reading import Reading

MOST_CANCELLED = 8
"""Documents in one call: each costs up to 110 us."""
MOST_REVIVED = 5
"""Documents in one call: each costs up to 200 us."""


class Steering(Reading):
    """Cancels, revives, reorders, pauses."""

    async def cancel(self, document: str, why: str = "someone asked for its end") -> str:
        """End a document: what waits of it is taken out of its lanes, what runs is stopped within two seconds.

        Args:
            why: for its log.

        Returns:
            `cancelled`, or the final state that it had reached before.

        Raises:
            NotFound: no such document.
        """
        (word,) = await self.cancel_all([document], why)
        if word == "unknown":
            raise NotFound(f"there is no document {document}")
        return word

    async def cancel_all(self, documents: Sequence[str], why: str) -> list[str]:
        """End many; a word for each, as in `lua/cancel.lua`."""
        words: list[str] = []
        for first in range(0, len(documents), MOST_CANCELLED):
            words += await self.transport.send(self.calls.cancel(documents[first : first + MOST_CANCELLED], why))
        return words

    async def retry(self, document: str, *, start: str | None = None, why: str = "someone asked for it") -> str:
        """Revive an ended document: only what is missing runs, and what was made of it.

        Args:
            start: the step from which on all runs again, done or not.
            why: for its log.

        Returns:
            `revived`; `complete` where nothing is missing; else its status: it has not ended.

        Raises:
            NotFound: no such document. UsageError: its pipeline has no such step.
        """
        (word,) = await self.retry_all([document], start=start, why=why)
        if word == "unknown":
            raise NotFound(
                f"there is no document {document}: it was never submitted, or was purged after its retention"
            )
        if word == "no-step":
            raise UsageError(f"the pipeline of {document} has no step {start!r}: docmill status {document} lists them")
        return word

    async def retry_all(self, documents: Sequence[str], *, start: str | None = None, why: str) -> list[str]:
        """Revive many; a word for each, as in `lua/retry.lua`."""
        times = await self.transport.send_all([self.calls.field(document, "revived") for document in documents])
        pairs = [(document, int(count or 0)) for document, count in zip(documents, times, strict=True)]
        words: list[str] = []
        for first in range(0, len(pairs), MOST_REVIVED):
            words += await self.transport.send(self.calls.retry(pairs[first : first + MOST_REVIVED], why, start or ""))
        return words

    async def reprioritise(self, document: str, priority: int) -> str:
        """Give a document another priority; what runs of it is not touched.

        Returns:
            `moved`, `same`, or the final state that it has.

        Raises:
            NotFound: no such document. UsageError: a priority outside 0 to 9.
        """
        (word,) = await self.transport.send(self.calls.reprioritise([document], admission.priority(priority)))
        if word == "unknown":
            raise NotFound(f"there is no document {document}")
        return word

    async def pause(self, kind: str, name: str) -> None:
        """Give out no more jobs of a `lane`, a `pipeline` or a `tenant`; what runs is not touched."""
        await self.transport.send(self.duties.pause(kind, name))

    async def resume(self, kind: str, name: str) -> None:
        """Give them out again, each at its own place."""
        while await self.transport.send(self.duties.resume(kind, name)) == "again":
            pass
