"""What can be done about documents that are there, and about what gives out their jobs."""

import math
from collections.abc import Sequence

from orchestrator import admission
from orchestrator.errors import NotFound, UsageError
from orchestrator.lanes import known_lane
from orchestrator.missing import not_found
from orchestrator.reading import Reading

MOST_CANCELLED = 8
"""Documents in one call: each costs up to 110 us."""
MOST_REVIVED = 5
"""Documents in one call: each costs up to 200 us."""
MOST_MOVED = 20
"""Documents in one call: each costs up to 50 us."""


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
            raise await not_found(self.transport, document)
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
            raise await not_found(self.transport, document)
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
        (word,) = await self.reprioritise_all([document], priority)
        if word == "unknown":
            raise await not_found(self.transport, document)
        return word

    async def reprioritise_all(self, documents: Sequence[str], priority: int) -> list[str]:
        """Give many another priority; a word for each, as in `lua/reprioritise.lua`.

        Raises:
            UsageError: a priority outside 0 to 9.
        """
        wanted, words = admission.priority(priority), list[str]()
        for first in range(0, len(documents), MOST_MOVED):
            words += await self.transport.send(self.calls.reprioritise(documents[first : first + MOST_MOVED], wanted))
        return words

    async def amend(self, document: str, *, priority: int | None = None, deadline: float | None = None) -> str:
        """Give a document another priority, another deadline, or both at once; what runs of it is not touched.

        Args:
            priority: None leaves it as it is.
            deadline: seconds from now in which it must have ended; 0 takes it away, None leaves it as it is.

        Returns:
            `moved`, `same`, or the final state that it has.

        Raises:
            NotFound: no such document. UsageError: a priority outside 0 to 9, or a deadline that has passed.
        """
        wanted = None if priority is None else admission.priority(priority)
        until = deadline and await self.transport.send(self.calls.time()) + admission.deadline(deadline)
        (word,) = await self.transport.send(self.calls.reprioritise([document], wanted, until))
        if word == "unknown":
            raise await not_found(self.transport, document)
        return word

    async def drain(self, worker: str) -> str:
        """Ask a worker to end: it takes no new jobs, finishes what runs within its own time to drain, and goes.

        Returns:
            `draining`, or `ended` where it has.

        Raises:
            NotFound: no such worker in the last hour.
        """
        word = await self.transport.send(self.duties.drain(worker))
        if word == "unknown":
            raise NotFound(f"there is no worker {worker}: none of that id was heard of in the last hour")
        return word

    async def bound_lane(
        self, lane: str, *, rate: float | None = None, burst: int | None = None, most: int | None = None
    ) -> None:
        """Bound a lane, for all workers together; None leaves a bound as it is, 0 takes it away.

        Args:
            rate: jobs a second that it gives out at most.
            burst: jobs that it may give out at once after it gave none for a while; 1 where it is not said.
            most: entries that may wait in it (a fan-out is one); then submissions that would add to it are refused.

        Raises:
            UsageError: an unknown lane, or a negative bound.
        """
        known_lane(lane)
        given = {
            name: value for name, value in {"rate": rate, "burst": burst, "most": most}.items() if value is not None
        }
        if wrong := [name for name, value in given.items() if not 0 <= value < math.inf]:
            raise UsageError(f"{wrong[0]} is 0, which takes the bound away, or more")
        await self.transport.send(self.duties.bound(lane, {n: f"{v:.15g}" if v else "" for n, v in given.items()}))

    async def bounds(self, lane: str) -> dict[str, float]:
        """What bounds a lane, of `rate`, `burst` and `most`.

        Raises:
            UsageError: an unknown lane.
        """
        told = await self.transport.send(self.calls.lane(known_lane(lane).name))
        return {name: float(told[name]) for name in ("rate", "burst", "most") if name in told}

    async def pause(self, kind: str, name: str) -> None:
        """Give out no more jobs of a `lane`, a `pipeline` or a `tenant`; what runs is not touched.

        Raises:
            UsageError: there is no such lane.
        """
        if kind == "lane":
            known_lane(name)
        await self.transport.send(self.duties.pause(kind, name))

    async def resume(self, kind: str, name: str) -> None:
        """Give them out again, each at its own place."""
        while await self.transport.send(self.duties.resume(kind, name)) == "again":
            pass
