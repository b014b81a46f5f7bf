"""Ranges of time, and durations in words: never told more exact than they are. All are seconds."""

import msgspec

UNITS = (
    (2 * 86_400.0, 86_400.0, "days"),
    (5400.0, 3600.0, "h"),
    (90.0, 60.0, "min"),
    (1.0, 1.0, "s"),
    (0.0, 0.001, "ms"),
)
"""From so many seconds on, a duration is told in this unit."""


class Range(msgspec.Struct, frozen=True):
    """From now: one in ten is expected before `low`, one in ten after `high`."""

    low: float
    likely: float
    high: float

    def then(self, other: "Range") -> "Range":
        """One after the other."""
        return Range(self.low + other.low, self.likely + other.likely, self.high + other.high)

    def later(self, other: "Range") -> "Range":
        """Whichever comes later."""
        return Range(max(self.low, other.low), max(self.likely, other.likely), max(self.high, other.high))


NOW = Range(0.0, 0.0, 0.0)


def span(seconds: float) -> str:
    """A duration: `40 ms`, `3.1 s`, `12 min`."""
    size, name = _unit(seconds)
    return f"{_number(seconds / size)} {name}"


def per_time(rate: float) -> str:
    """So many a second, in the unit in which people say it: `10 a second`, `90 a minute`, `100 an hour`."""
    units = ((1.0, "a second"), (60.0, "a minute"), (3600.0, "an hour"))
    told = [(rate * seconds, name) for seconds, name in units]
    count, name = next((one for one in told if one[0] > 0.999 and abs(one[0] - round(one[0])) < 1e-6), told[-1])
    return f"{round(count, 3):.15g} {name}"


def within(found: Range) -> str:
    """A range from now: `at once`, `within 2 s`, `in 20 to 45 s`, `in 50 s to 3 min`."""
    if found.high < 1.0:
        return "at once" if found.high <= 0.0 else "within a second"
    low, high = span(found.low), span(found.high)
    if found.low < 1.0:
        return f"within {high}"
    if low == high:
        return f"in about {high}"
    return f"in {low.rpartition(' ')[0] if low.split()[-1] == high.split()[-1] else low} to {high}"


def _unit(seconds: float) -> tuple[float, str]:
    return next((size, name) for least, size, name in UNITS if seconds >= least or not least)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0") if value < 9.95 else f"{value:.0f}"
