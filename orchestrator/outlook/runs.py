"""How long runs took, as measured: of one step, or of several that stand in one lane. Pure; all times are seconds."""

import math
from collections.abc import Iterable, Mapping
from typing import Self

import msgspec

from orchestrator.outlook.spans import Range


class Runs(msgspec.Struct, frozen=True):
    """Runs of a step that ended well, as `stats` counts them.

    Args:
        total: all of them together.
        buckets: upper bound (a power of two, ms) -> how many fell between half of it and it.
        window: they ended within so long; None is ever.
    """

    total: float
    buckets: Mapping[int, int]
    window: float | None = None

    @property
    def count(self) -> int:
        """How many."""
        return sum(self.buckets.values())

    @property
    def mean(self) -> float:
        """Of one; at least 1 ms, which is what can be measured."""
        return max(self.total / self.count, 0.001)

    @property
    def variance(self) -> float:
        """Of one; inside a bucket, runs are taken to be spread evenly."""
        return self._moment(2) - self._moment(1) ** 2

    def left(self, age: float = 0.0) -> Range | None:
        """How long a run that has lasted for `age` goes on; None where none lasted so long."""
        if self._beyond(age) <= 0:
            return None
        low, likely, high = (max(0.0, self._quantile(share, age) - age) for share in (0.1, 0.5, 0.9))
        return Range(low, likely, high)

    def _moment(self, power: int) -> float:
        parts = (count * _moment(low, high, power) for low, high, count in self._spans())
        return sum(parts) / self.count

    def _spans(self) -> list[tuple[float, float, int]]:
        return [
            (bound / 2000 if bound > 1 else 0.0, bound / 1000, self.buckets[bound]) for bound in sorted(self.buckets)
        ]

    def _beyond(self, age: float) -> float:
        return sum(_share_beyond(low, high, age) * count for low, high, count in self._spans())

    def _quantile(self, share: float, age: float) -> float:
        wanted, at = share * self._beyond(age), age
        for low, high, count in self._spans():
            weight = _share_beyond(low, high, age) * count
            if weight <= 0:
                continue
            at = high
            if wanted <= weight:
                begin = max(low, age)
                return begin + (high - begin) * wanted / weight
            wanted -= weight
        return at


class Spread(msgspec.Struct, frozen=True):
    """What a run costs, where runs of several steps stand in one lane.

    Args:
        deviation: of one run.
        count: how many were measured; the fewer, the wider a range.
    """

    mean: float
    deviation: float
    count: int

    @classmethod
    def of(cls, parts: Iterable[tuple[float, Runs]]) -> Self | None:
        """A mixture of (weight, runs); None where nothing was measured."""
        known = [(weight, runs) for weight, runs in parts if weight > 0]
        weights = sum(weight for weight, _ in known)
        if not known:
            return None
        mean = sum(weight * runs.mean for weight, runs in known) / weights
        square = sum(weight * (runs.variance + runs.mean**2) for weight, runs in known) / weights
        measured = {id(runs): runs.count for _, runs in known}
        return cls(mean, math.sqrt(max(0.0, square - mean**2)), sum(measured.values()))

    def mixed(self, weight: float, other: "Spread", others: float) -> "Spread":
        """So many runs of this kind, and so many of another."""
        if weight + others <= 0:
            return self
        share = others / (weight + others)
        mean = self.mean + share * (other.mean - self.mean)
        square = (1 - share) * (self.deviation**2 + self.mean**2) + share * (other.deviation**2 + other.mean**2)
        return Spread(mean, math.sqrt(max(0.0, square - mean**2)), max(self.count, other.count))


def _moment(low: float, high: float, power: int) -> float:
    """Of what is spread evenly between the two."""
    return (high ** (power + 1) - low ** (power + 1)) / ((power + 1) * (high - low))


def _share_beyond(low: float, high: float, age: float) -> float:
    return min(1.0, max(0.0, (high - age) / (high - low)))
