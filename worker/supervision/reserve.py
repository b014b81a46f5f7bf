"""Processes that stand by, loaded, for the places of gpu slots: what follows a kill claims at once."""

import time
from collections.abc import Callable, Iterable

from worker.supervision.crew import Crew, uses_cards
from worker.supervision.process import SlotProcess

SETTLED = 5.0
"""Seconds that a gpu slot must have run before another process is loaded beside it: the first work comes first."""

LONGEST_LOAD = 120.0
"""Seconds for which one that is to be replaced waits for the other to be loaded."""


class Reserve:
    """Keeps so many processes in reserve, for different places where there are several.

    Args:
        most: how many.
        start: starts one.
    """

    def __init__(self, crew: Crew, most: int, start: Callable[[SlotProcess], None]) -> None:
        self._crew, self._most, self._start = crew, most, start
        self._standing: list[SlotProcess] = []
        self._failed, self._rests_until = 0, 0.0

    @property
    def loaded(self) -> int:
        """How many could take over now."""
        return sum(process.ready_at is not None for process in self._standing)

    def is_awaited(self, process: SlotProcess) -> bool:
        """Whether one is about to stand by for the place of this one: then this one goes on until it does."""
        if not self._most or not uses_cards(process.group):
            return False
        mine = [one for one in self._standing if _follows(one, process)]
        if not mine and len(self._standing) >= self._most:
            return False  # those in reserve are for other places
        return not any(one.ready_at is not None for one in mine) and all(one.age < LONGEST_LOAD for one in mine)

    def keep(self, running: Iterable[SlotProcess]) -> None:
        """Start what is missing, one at a time."""
        full = len(self._standing) >= self._most or any(one.ready_at is None for one in self._standing)
        if full or time.monotonic() < self._rests_until:
            return
        for process in running:
            settled = process.ready_at is not None and process.age > SETTLED
            covered = any(_follows(one, process) for one in self._standing)
            if settled and uses_cards(process.group) and not covered:
                self._standing.append(self._crew.reserve(process))
                self._start(self._standing[-1])
                return

    def take(self, place_of: SlotProcess) -> SlotProcess | None:
        """One that is loaded for that place, out of the reserve."""
        for process in self._standing:
            if process.ready_at is not None and process.running and _follows(process, place_of):
                self._standing.remove(process)
                return process
        return None

    def lost(self, process: SlotProcess) -> bool:
        """Take out one that ended; returns whether it stood by."""
        if process not in self._standing:
            return False
        self._standing.remove(process)
        self._failed = 0 if process.ready_at is not None else self._failed + 1
        self._rests_until = time.monotonic() + min(LONGEST_LOAD, 2.0**self._failed)
        return True

    def dismiss(self) -> None:
        """Nobody is to follow any more."""
        for process in self._standing:
            process.order("drain")


def _follows(standing: SlotProcess, process: SlotProcess) -> bool:
    """Whether one stands by for the place of the other: without cards, slots of other lanes have the same place."""
    return standing.group == process.group and standing.place == process.place
