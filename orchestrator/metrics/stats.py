"""The fields of `stats`, sorted: `<kind>:<label>:<label>…`, as `lua/lib/facts.lua` and `usage` write them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Labels = tuple[str, ...]

COUNTED: dict[str, int] = {
    "submitted": 2, "finished": 2, "revived": 2, "followed": 2, "delivered": 1, "refused": 2, "doubled": 1, "purged": 0,
    "ended": 3, "errors": 4, "again": 2, "cached": 2, "expired": 1, "late": 1, "stopped": 1, "ticked": 1,
    "tokens": 4, "pages": 2, "card": 2,
}  # fmt: skip
"""Kind of a counter -> how many labels follow it."""
OBSERVED: dict[str, int] = {"duration": 1, "wait": 3, "run": 2, "batch": 2}
"""Kind of a histogram -> how many labels follow it, before the bucket or `sum`."""


@dataclass
class Histogram:
    """One series; `buckets` maps an upper bound to what fell between the bound before and it."""

    buckets: dict[int, int] = field(default_factory=dict[int, int])
    sum: int = 0

    @property
    def count(self) -> int:
        """How many were observed."""
        return sum(self.buckets.values())


@dataclass
class Counted:
    """All that was counted, by kind and labels."""

    counters: dict[str, dict[Labels, int]]
    histograms: dict[str, dict[Labels, Histogram]]

    @property
    def pipelines(self) -> set[str]:
        """The names of those that ever had a document."""
        return {labels[0] for kind in ("submitted", "refused", "doubled") for labels in self.counters[kind]}

    @property
    def steps(self) -> set[Labels]:
        """(pipeline, step) of all that ever had a job."""
        runs = [*self.histograms["run"], *self.histograms["wait"], *self.counters["ended"]]
        return {labels[:2] for labels in runs}


def read_stats(stats: Mapping[str, int]) -> Counted:
    """Sort them; what is not known, or has as many words as another version wrote, is left out."""
    found = Counted({kind: {} for kind in COUNTED}, {kind: {} for kind in OBSERVED})
    for name, value in stats.items():
        kind, *parts = name.split(":")
        if COUNTED.get(kind) == len(parts):
            found.counters[kind][tuple(parts)] = value
        elif kind in OBSERVED and len(parts) == OBSERVED[kind] + 1:
            series = found.histograms[kind].setdefault(tuple(parts[:-1]), Histogram())
            if parts[-1] == "sum":
                series.sum = value
            else:
                series.buckets[int(float(parts[-1]))] = value
    for labels, series in found.histograms["run"].items():
        found.counters["ended"][*labels, "done"] = series.count
    return found
