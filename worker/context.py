"""The `ctx` of a running step."""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from orchestrator.blobs import Blobs
from orchestrator.calls import Leased
from orchestrator.settings import Settings
from worker.residency import Residents

PROGRESS_PERIOD = 1.0
"""Seconds between two reports of progress; the last of a job is always sent."""


@dataclass
class RunContext:
    """What one run of one job may ask; the type that steps see is `orchestrator.Context`."""

    leased: Leased
    settings: Settings
    blobs: Blobs
    residents: Residents = field(repr=False)
    report: Callable[[int, int], object] = field(repr=False)
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

    def model(self, name: str) -> Any:
        """A resident model."""
        return self.residents.get(name)

    def progress(self, done: int, total: int) -> None:
        """Report, at most once a second."""
        with self._speaking:
            now = time.monotonic()
            if self._open and (done >= total or now - self._reported >= PROGRESS_PERIOD):
                self._reported = now
                self.report(done, total)

    def close(self) -> None:
        """The step has ended: a thread that it left behind says no more, lest its call overtakes the one that ends the job."""
        with self._speaking:
            self._open = False
