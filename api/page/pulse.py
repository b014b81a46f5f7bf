"""One look a second for a whole process, while somebody looks; fanned out to all of them."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

from orchestrator.errors import ServerError

PERIOD = 1.0
"""Seconds between two looks."""
LINGER = 3.0
"""Seconds that it goes on when nobody looks any more: whoever reloads is there again."""

Seen = TypeVar("Seen")


@dataclass(frozen=True)
class Beat(Generic[Seen]):
    """What was seen.

    Args:
        number: of the look, from 1.
        seen: None where nothing was ever seen.
        trouble: why it is older than it should be; empty where it is not.
        since: of the trouble, seconds.
    """

    number: int
    seen: Seen | None
    trouble: str = ""
    since: float = 0.0


class Pulse(Generic[Seen]):
    """Looks, and tells all who follow.

    Args:
        look: what costs Redis something.
    """

    def __init__(self, look: Callable[[], Awaitable[Seen]], period: float = PERIOD) -> None:
        self._look, self._period = look, period
        self._beat: Beat[Seen] = Beat(0, None)
        self._looked_at, self._well_at = float("-inf"), 0.0
        self._lock, self._told = asyncio.Lock(), asyncio.Condition()
        self._nudged = asyncio.Event()
        self._followers, self._wanted_at = 0, float("-inf")
        self._task: asyncio.Task[None] | None = None

    @property
    def is_looking(self) -> bool:
        """Whether it looks by itself: somebody follows, or did a moment ago."""
        return self._task is not None and not self._task.done()

    async def now(self) -> Beat[Seen]:
        """The last look, or a new one where that is more than a period old; however many ask, one is made."""
        async with self._lock:
            if _clock() - self._looked_at >= self._period:
                await self._take()
            return self._beat

    def nudge(self) -> None:
        """Something was just changed: look at once."""
        self._looked_at = float("-inf")
        self._nudged.set()

    async def beats(self) -> AsyncGenerator[Beat[Seen], None]:
        """Each look from now on, the newest where its taker was slow; for as long as it is taken."""
        self._followers += 1
        try:
            beat = await self.now()
            while True:
                yield beat
                self._go_on()
                async with self._told:
                    await self._told.wait_for(lambda last=beat.number: self._beat.number > last)
                    beat = self._beat
        finally:
            self._followers -= 1
            self._wanted_at = _clock()

    async def close(self) -> None:
        """Look no more."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def _go_on(self) -> None:
        if not self.is_looking:
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while self._followers or _clock() - self._wanted_at < LINGER:
            await self.now()
            self._nudged.clear()
            wait = self._looked_at + self._period - _clock()
            if wait > 0:
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._nudged.wait()

    async def _take(self) -> None:
        number, began = self._beat.number + 1, _clock()
        try:
            self._beat = Beat(number, await self._look())
            self._well_at = _clock()
        except ServerError as problem:
            since = began - self._well_at if self._well_at else 0.0
            self._beat = replace(self._beat, number=number, trouble=str(problem), since=max(0.0, since))
        self._looked_at = _clock()
        async with self._told:
            self._told.notify_all()


def _clock() -> float:
    return asyncio.get_running_loop().time()
