"""The `ctx` of a running step."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

from orchestrator.blobs import Blobs
from orchestrator.calls import Leased
from orchestrator.errors import Fatal
from orchestrator.flags import FLAG
from orchestrator.settings import Settings
from worker.residency import Residents
from worker.running.voice import Voice

PROGRESS_PERIOD = 1.0
"""Seconds between two reports of progress; the last of a job is always sent."""
UNWANTED = frozenset({"ended", "stale", "gone", "retired"})
"""Answers to a report of a job that is not this run's any more."""


@dataclass
class RunContext:
    """What one run of one job may ask; the type that steps see is `orchestrator.Context`.

    Args:
        voice: what the job says, and asks of its document.
        ordered_to_end: whether the supervisor cancelled this job.
        shield: held around docmill's own work, so that a limit does not tear it apart.
    """

    leased: Leased
    settings: Settings
    blobs: Blobs
    residents: Residents = field(repr=False)
    voice: Voice = field(repr=False)
    ordered_to_end: Callable[[], bool] = field(repr=False)
    shield: AbstractContextManager[None] = field(repr=False)
    deadline: float | None = None
    _unwanted: bool = False
    _reported: float = 0.0
    _open: bool = True
    _speaking: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def id(self) -> str:
        """The document's id."""
        return self.leased.document

    @property
    def job(self) -> str:
        """The job's name."""
        return self.leased.job

    @property
    def attempt(self) -> int:
        """1 for the first."""
        return self.leased.attempt

    @property
    def fence(self) -> int:
        """The lease's token."""
        return int(self.leased.token)

    @property
    def cancelled(self) -> bool:
        """Ordered, or learnt from the answer to a report."""
        return self._unwanted or self.ordered_to_end()

    def model(self, name: str) -> Any:
        """A resident model. Loading is not interrupted: half of it would be lost, and the next try would begin again."""
        with self.shield:
            return self.residents.get(name)

    def progress(self, done: int, total: int) -> None:
        """Report, at most once a second."""
        with self.shield, self._speaking:
            now = time.monotonic()
            if self._open and (done >= total or now - self._reported >= PROGRESS_PERIOD):
                self._reported = now
                self._unwanted |= self.voice.progress(done, total) in UNWANTED

    def flag(self, name: str, why: str) -> None:
        """Mark the document; it stays marked."""
        if not FLAG.fullmatch(name):
            raise Fatal(
                f"a flag is lower-case letters, digits and _, at most 32 characters, and no status: not {name!r}"
            )
        with self.shield, self._speaking:
            if self._open:
                self._unwanted |= self.voice.flag(name, why) in UNWANTED

    def failures(self, step: str) -> Mapping[int, str]:
        """Why items of a fan-out failed."""
        with self.shield:
            return self.voice.failures(step)

    def begin(self, soft: float | None) -> None:
        """The step begins, or begins again as a part of a smaller batch: its time counts from now on.

        Args:
            soft: its limit, seconds.
        """
        self._open = True
        self.deadline = time.monotonic() + soft if soft else None

    def close(self) -> None:
        """The step has ended: a thread that it left behind says no more, lest its call overtakes the one that ends the job."""
        with self._speaking:
            self._open = False
