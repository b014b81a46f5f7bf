"""Until about when: ranges, worked out from what was measured. Pure: no clock, no I/O; all times are seconds."""

import math

import msgspec

from orchestrator.outlook.runs import Spread
from orchestrator.outlook.spans import Range

NINE_IN_TEN = 1.28
"""Deviations: one in ten falls beyond them on either side."""
DRIFT = 0.08
"""Share of a time by which it is wrong however much was measured: later documents are not like those before."""


class Load(msgspec.Struct, frozen=True):
    """What a lane has to do.

    Args:
        runs: that come first, as many as are expected.
        busy: slots that run something now.
        slots: that serve the lane.
        every: seconds that the lane's own rate lets pass between two jobs, at least; but for `burst` at once.
    """

    runs: float
    busy: int
    slots: int
    spread: Spread
    every: float = 0.0
    burst: int = 1

    @property
    def paced(self) -> Range:
        """Until its rate lets the one after them begin; nobody knows how much of its burst is used up."""
        low, high = max(0.0, self.runs - (self.burst - 1)), self.runs + 1
        return Range(low * self.every, self.runs * self.every, high * self.every)

    def more(self, runs: float, spread: Spread | None = None) -> "Load":
        """The same with so many runs more, of the same kind or of another."""
        mixed = self.spread.mixed(self.runs + self.busy, spread, runs) if spread else self.spread
        return Load(self.runs + runs, self.busy, self.slots, mixed, self.every, self.burst)


def until_turn(load: Load) -> Range | None:
    """Until a slot takes what comes next; None without slots."""
    ended = _until_ended(load.runs + load.busy - load.slots + 1, load)
    return ended and ended.later(load.paced)


def until_empty(load: Load) -> Range | None:
    """Until all of it has ended, nothing new coming; None without slots."""
    runs = load.runs + load.busy
    ended, share = _until_ended(runs, load), min(runs, 1.0)
    last = load.paced.then(_around(share * load.spread.mean, share * load.spread.deviation))
    return ended and ended.later(last)


def _until_ended(runs: float, load: Load) -> Range | None:
    """Until so many have ended, each slot being busy all the while."""
    if load.slots < 1:
        return None
    runs, spread = max(0.0, runs), load.spread
    # Those that run now have, on average, half of their time behind them.
    likely = (runs - min(0.5, runs / 2)) * spread.mean
    of_runs = runs * spread.deviation**2
    of_measuring = (runs * spread.deviation) ** 2 / max(spread.count, 1)
    of_phase = min(runs, 1.0) * spread.mean**2 / 12
    deviation = math.sqrt(of_runs + of_measuring + of_phase + (DRIFT * likely) ** 2)
    return _around(likely / load.slots, deviation / load.slots)


def _around(likely: float, deviation: float) -> Range:
    return Range(max(0.0, likely - NINE_IN_TEN * deviation), likely, likely + NINE_IN_TEN * deviation)
