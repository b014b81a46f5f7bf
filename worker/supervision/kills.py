"""Which processes must end: decided from what each renewal tells of their jobs, and from the memory that they hold.

A kill is told to Redis before it is done, and done only where Redis answers that the slot still held that very lease:
so a kill that was decided for one job never hits the next one.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.calls.supervision import Held
from orchestrator.settings import Settings
from worker.supervision.process import SlotProcess

STUCK = 5.0
"""Seconds beyond its hard limit after which a shared process, which ends its own tasks, must be stuck."""
UNMOVED = 3.0
"""Seconds beyond the grace after which a shared process that did not end a cancelled task must be stuck."""
JUST_AFTER = 0.02
"""Seconds."""
MEBIBYTE = 2**20


@dataclass(frozen=True)
class Kill:
    """Why a process must end.

    Args:
        cause: as `lua/crash.lua` knows it.
        token: of the lease that it is about.
        delay: seconds until that job may run again.
    """

    cause: str
    token: str
    facts: str
    delay: float = 0.0


class Kills:
    """Remembers since when a job should have ended."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._unwanted: dict[str, float] = {}
        self._next = float("inf")

    def order_ends(self, process: SlotProcess, held: Sequence[Held]) -> None:
        """Tell a process of jobs that it holds and that nobody wants any more, each once."""
        for job in held:
            if job.word != "held" and job.token not in self._unwanted:
                self._unwanted[job.token] = time.monotonic()
                process.order(f"cancel {job.token}")

    def decide(self, process: SlotProcess, held: Sequence[Held], rss: int) -> Kill | None:
        """The first reason why this process must end now."""
        shared = process.group.shared
        for job in held:
            if job.word == "held" and 0 < job.hard < job.age - (STUCK if shared else 0.0):
                return Kill("limit", job.token, f"it ran for {job.age:.0f} s, its hard limit is {job.hard:g} s")
        return self._too_large(process, held, rss) or self._unwanted_all(held, UNMOVED if shared else 0.0)

    def _unwanted_all(self, held: Sequence[Held], more: float) -> Kill | None:
        """Where nobody wants any of its jobs, and it has not reacted; one that is still wanted is not disturbed."""
        if not held or any(job.word == "held" or not self._overdue(job.token, more) for job in held):
            return None
        why = {"ended": "its document had ended", "lost": "its lease had been lost", "gone": "its document was purged"}
        return Kill("cancelled", held[0].token, f"it did not end by itself after {why[held[0].word]}")

    def keep_to(self, held: Sequence[Held]) -> None:
        """Forget what is not held any more, and note when the next of these jobs may have to be ended."""
        now, grace, tokens = time.monotonic(), self._settings.cancel_grace, {job.token for job in held}
        self._unwanted = {token: since for token, since in self._unwanted.items() if token in tokens}
        limits = [job.hard - job.age for job in held if job.word == "held"]
        graces = [since + grace - now for since in self._unwanted.values()]
        self._next = now + min((left for left in (*limits, *graces) if left > 0), default=float("inf"))

    @property
    def due(self) -> float:
        """Seconds until the next look that may find something to end; its clock is not Redis', so a little later."""
        return max(JUST_AFTER, self._next - time.monotonic() + JUST_AFTER)

    def _overdue(self, token: str, more: float) -> bool:
        since = self._unwanted.get(token)
        return since is not None and time.monotonic() - since >= self._settings.cancel_grace + more

    def _too_large(self, process: SlotProcess, held: Sequence[Held], rss: int) -> Kill | None:
        most, running = self._settings.max_rss, [job for job in held if job.word == "held"]
        if not most or rss <= most:
            return None
        facts = f"its processes held {rss // MEBIBYTE} MiB, max_rss is {most // MEBIBYTE} MiB"
        if not held:
            process.outlived = facts
        return Kill("memory", running[0].token, facts, self._settings.oom_delay) if running else None
