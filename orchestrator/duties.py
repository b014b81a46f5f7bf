"""What time alone brings about, as asyncio tasks: every API process and every worker runs the same list, no leader.

Each duty is bounded and may run anywhere, any number of times at once; it outlives an outage of Redis.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

from orchestrator.blobs import Blobs
from orchestrator.caching import tidy_cache
from orchestrator.calls import DocumentCalls, DutyCalls, MeasureCalls
from orchestrator.connection import Asynchronous
from orchestrator.errors import Unreachable
from orchestrator.failpoints import failpoint
from orchestrator.keys import Keys
from orchestrator.logs import logger, place_of
from orchestrator.orphans import collect_orphans
from orchestrator.overview.flow import totals_of
from orchestrator.registry import Registry
from orchestrator.schedules.keeping import Keeper

log = logger(__name__)

BOUND = 50
"""How many documents or jobs of a kind one call touches: no script holds Redis for long."""
ROUNDS = 20
"""Full calls made one after the other before a duty rests: a flood drains, and others still get their turn."""


@dataclass(frozen=True)
class Duty:
    """One line of the list.

    Args:
        period: seconds between two runs.
        work: one bounded piece; returns whether it was full, so that more may wait.
    """

    name: str
    period: float
    work: Callable[[], Awaitable[bool]]


class Duties:
    """The list, and the tasks that keep it.

    Args:
        transport: sends the calls; it stays the caller's to close.
        blobs: where documents' files are deleted.
        registry: the pipelines that this process knows, for schedules.
    """

    def __init__(self, transport: Asynchronous, blobs: Blobs, registry: Registry | None = None) -> None:
        self._transport, self._blobs = transport, blobs
        self._registry = registry or Registry([])
        self._keeper = Keeper(transport, self._registry)
        self._calls, self._documents = DutyCalls(Keys()), DocumentCalls(Keys())
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()
        self.list = (
            Duty("sweep", 1.0, self.sweep),
            Duty("schedules", 1.0, self.schedules),
            Duty("purge", 10.0, self.purge),
            Duty("orphans", 60.0, self.orphans),
            Duty("cache", 10.0, self.cache),
            Duty("measure", 60.0, self.measure),
        )

    def start(self) -> None:
        """Begin, in the running loop."""
        self._stopping.clear()
        self._tasks = [asyncio.create_task(self._keep(duty), name=duty.name) for duty in self.list]

    async def stop(self) -> None:
        """End; a call on its way is given up, which every duty bears."""
        # The event too: redis-py waits with `wait_for`, which in Python 3.11 may swallow a cancellation.
        self._stopping.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []

    async def sweep(self) -> bool:
        """Promote what is due, end leases that nobody renewed, let limits pass, restore lost hints."""
        return (await self._transport.send(self._calls.sweep(BOUND))).again

    async def schedules(self) -> bool:
        """Submit what schedules are due to submit."""
        return await self._keeper.keep()

    async def purge(self) -> bool:
        """Delete documents whose retention has passed: their blobs, then their keys, so that no blob is orphaned."""
        taken = await self._transport.send(self._calls.purge_take(BOUND))
        failpoint("purge.taken")
        gone = [document for document in taken if await self._delete_blobs(document)]
        failpoint("purge.deleted")
        if gone:
            await self._transport.send(self._calls.purge_drop(gone))
        # Not how many were taken: what a batch needs still is put off, and must not keep the rest from its turn.
        following, now = await self._transport.send_all([self._calls.next_purge(), self._documents.time()])
        return following is not None and following <= now

    async def cache(self) -> bool:
        """Let go of kept results whose time has passed, and of their blobs."""
        return await tidy_cache(self._transport, self._blobs)

    async def orphans(self) -> bool:
        """Delete blobs of submissions that were never made."""
        await collect_orphans(self._transport, self._blobs, self._documents, self._calls)
        return False

    async def measure(self) -> bool:
        """Keep a copy of the counters, so that rates tell of the last minutes and not of last month."""
        totals = totals_of(await self._transport.send(self._documents.stats()), self._registry.following)
        await self._transport.send(MeasureCalls(Keys()).measure(totals=totals))
        return False

    async def _keep(self, duty: Duty) -> None:
        failing = False
        while not self._stopping.is_set():
            try:
                await _work_off(duty)
                failing = False
            except Exception as problem:  # a duty must outlive whatever one run meets
                if not failing:
                    log.warning("duty failed, tried again each period", duty=duty.name, problem=_in_words(problem))
                failing = True
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), duty.period)

    async def _delete_blobs(self, document: str) -> bool:
        try:
            await asyncio.to_thread(self._blobs.delete, document)
        except OSError as problem:
            # Its keys stay, so that a later purge tries again; the other documents go on.
            log.warning("blobs not deleted", document=document, problem=place_of(problem))
            return False
        return True


async def _work_off(duty: Duty) -> None:
    for _ in range(ROUNDS):
        if not await duty.work():
            return


def _in_words(problem: Exception) -> str:
    return str(problem) if isinstance(problem, Unreachable) else place_of(problem)
