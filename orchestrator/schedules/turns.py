"""Which tick is run now, of those that are due: what was missed, and what comes next."""

from typing import NamedTuple

from orchestrator.schedules.ticks import Timetable

LATE = 30.0
"""Seconds: a tick that is this late is run as if in time; after that it was missed, and `catch_up` decides."""
MOST_CAUGHT_UP = 100
"""Missed ticks that `catch_up=all` runs; older ones stay missed."""


class Turn(NamedTuple):
    """One move of a schedule; times are seconds of the epoch."""

    at: float
    """The tick."""
    runs: bool
    """False: it was missed, and stays so."""
    next: float | None
    """The tick after it; None where there is none."""


def turn(timetable: Timetable, due: float, now: float, catch_up: str) -> Turn:
    """Decide.

    Args:
        due: the tick that the schedule waits for; it has come.
        now: the server's clock.
    """
    at, runs = due, True
    if now - due > LATE:
        latest = max(due, timetable.until(now) or due)
        at = _first_of_the_last(timetable, due, latest) if catch_up == "all" else latest
        runs = catch_up != "none" or now - at <= LATE
    return Turn(at, runs, timetable.after(at))


def _first_of_the_last(timetable: Timetable, due: float, latest: float) -> float:
    tick = latest
    for _ in range(MOST_CAUGHT_UP - 1):
        earlier = timetable.until(tick - 1)
        if earlier is None or earlier <= due:
            return due
        tick = earlier
    return tick
