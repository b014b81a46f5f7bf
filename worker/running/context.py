"""The `ctx` of a running step."""

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

from orchestrator.batches.outcomes import PAGE, Outcome
from orchestrator.batches.views import EndedBatch
from orchestrator.blobs import INLINE, ITEM_INLINE, Blobs
from orchestrator.calls import Leased
from orchestrator.errors import Fatal
from orchestrator.flags import FLAG
from orchestrator.settings import Settings
from worker.residency import Residents
from worker.running.voice import Voice

T = TypeVar("T")
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
    uncached: bool = False
    """Whether this run's result is for this document alone."""
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
        self.uncached = True  # whoever got the result from the cache would not be flagged
        with self.shield, self._speaking:
            if self._open:
                self._unwanted |= self.voice.flag(name, why) in UNWANTED

    def failures(self, step: str) -> Mapping[int, str]:
        """Why items of a fan-out failed: no argument says so, and what is made of it is not to be kept."""
        self.uncached = True
        with self.shield:
            return self.voice.failures(step)

    def checkpoint(self, state: Any) -> None:
        """Keep where this job is."""
        raw = msgspec.json.encode(state)
        with self.shield, self._speaking:
            if not self._open:
                return
            if len(raw) > (INLINE if self.leased.index is None else ITEM_INLINE):
                path = f"{self.job}/{self.leased.token}.checkpoint"
                self.blobs.put(path, raw)
                raw = b"@" + path.encode()
            self._unwanted |= self.voice.checkpoint(raw) in UNWANTED

    def last_checkpoint(self, of: type[T]) -> T | None:
        """Where the job's last try was."""
        with self.shield:
            raw = self.voice.last_checkpoint()
            if raw is not None and raw.startswith(b"@"):
                raw = self.blobs.get(raw[1:].decode())
        return None if raw is None else msgspec.json.decode(raw, type=of)

    def outcomes(self, batch: EndedBatch) -> Iterator[Outcome]:
        """What became of a batch, a page in memory at a time."""
        last = batch.documents + batch.refused
        for first in range(1, last + 1, PAGE):
            with self.shield:
                found = self.voice.outcomes(batch.id, first, min(first + PAGE - 1, last))
            for raw in found:
                yield raw.read(self.blobs)

    def leave_uncached(self) -> None:
        """Do not keep what this run returns."""
        self.uncached = True

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
