"""How many quick runs a process tells of: each where steps take as long as work does, not each of a flood of no-ops."""

QUICK = 0.01
"""Seconds: what takes less and goes well may stay untold at `info`. Its line would cost as much as it did."""
MOST = 100
"""Lines a second and process."""


class Quick:
    """Which quick runs have a line."""

    __slots__ = ("_left", "_second", "_untold")

    def __init__(self) -> None:
        self._second, self._left, self._untold = 0, MOST, 0

    def is_told(self, seconds: float, now: float) -> bool:
        """Whether the run that has just ended is told at `info`.

        Args:
            seconds: that it took.
            now: seconds of any clock.
        """
        if seconds >= QUICK:
            return True
        second = int(now)
        if second != self._second:
            self._second, self._left = second, MOST
        self._left -= 1
        if self._left >= 0:
            return True
        self._untold += 1
        return False

    def untold(self) -> dict[str, int]:
        """`untold`: how many had no line since the last one that had; nothing where there were none."""
        if not self._untold:
            return {}
        untold, self._untold = self._untold, 0
        return {"untold": untold}
