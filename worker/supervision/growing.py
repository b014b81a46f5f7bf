"""Slots that come and go: more while work piles up in front of busy ones, fewer when they idle."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from worker.supervision.groups import Group

PILED_UP = 1
"""Entries ready for each slot of a group, beyond which another slot is worth its start."""


@dataclass
class Growing:
    """Decides for one group.

    Args:
        patience: seconds that work must have been piled up: a peak that is over by then needs no slot.
        rest: seconds that a slot must have had nothing to do before it is ended.
    """

    group: Group
    patience: float
    rest: float
    _piled_since: float | None = None
    _busy_at: dict[int, float] = field(default_factory=dict[int, float])

    def wants_more(self, busy: Sequence[bool], ready: Mapping[str, int]) -> str:
        """Why one more slot should start now, or nothing.

        Args:
            busy: whether a slot of each seat of the group holds a job.
            ready: entries ready, by lane.
        """
        depth = sum(ready.get(lane, 0) for lane in self.group.lanes)
        now = time.monotonic()
        if len(busy) >= self.group.most or not all(busy) or depth <= PILED_UP * len(busy):
            self._piled_since = None
            return ""
        self._piled_since = self._piled_since or now
        if now - self._piled_since < self.patience:
            return ""
        self._piled_since = now  # the next one waits as long again: this one must get to work first
        return f"{depth} ready and {len(busy)} slots busy for {self.patience:g} s"

    def rested(self, busy: Mapping[int, bool]) -> int | None:
        """A seat that has had nothing to do for long, where the group has more than it must.

        Args:
            busy: whether a slot of each seat holds a job.
        """
        now = time.monotonic()
        for seat, works in busy.items():
            if works or seat not in self._busy_at:
                self._busy_at[seat] = now
        self._busy_at = {seat: at for seat, at in self._busy_at.items() if seat in busy}
        if len(busy) <= self.group.count:
            return None
        found = [seat for seat in busy if now - self._busy_at[seat] >= self.rest]
        return found[-1] if found else None
