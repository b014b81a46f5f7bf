"""Who is to be woken by what: one connection hears, any number of tasks wait."""

import asyncio
from contextlib import suppress


class Bell:
    """Rung by whoever hears; waited for by one task."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        """There is something to look at."""
        self._rung.set()

    async def wait(self, seconds: float) -> bool:
        """Until it is rung, at most so long; returns whether it was."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._rung.wait()
        rung = self._rung.is_set()
        self._rung.clear()
        return rung


class Bells:
    """Bells by subject."""

    def __init__(self) -> None:
        self._bells: dict[bytes, set[Bell]] = {}

    def __len__(self) -> int:
        return len(self._bells)

    def __contains__(self, subject: bytes) -> bool:
        return subject in self._bells

    @property
    def subjects(self) -> list[bytes]:
        """All that somebody waits for."""
        return [*self._bells]

    def hang(self, subject: bytes) -> Bell:
        """A new bell."""
        bell = Bell()
        self._bells.setdefault(subject, set()).add(bell)
        return bell

    def take_down(self, subject: bytes, bell: Bell) -> None:
        """Nobody waits for that bell any more."""
        hung = self._bells.get(subject, set())
        hung.discard(bell)
        if not hung:
            self._bells.pop(subject, None)

    def ring(self, subject: bytes) -> None:
        """Wake who waits for that subject."""
        for bell in self._bells.get(subject, ()):
            bell.ring()

    def ring_all(self) -> None:
        """Something may have been missed: everybody looks."""
        for hung in self._bells.values():
            for bell in hung:
                bell.ring()
