"""Histograms of all of docmill. Buckets are powers of two, the same in every series of a family, so that they sum by `le`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from prometheus_client.core import HistogramMetricFamily, Metric

from orchestrator.metrics.stats import Counted, Histogram

MILLISECONDS = tuple(2**n for n in range(25))
"""Upper bounds of times: 1 ms to 4.7 hours."""
JOBS = tuple(2**n for n in range(7))
"""Upper bounds of batches: 1 to 64."""


@dataclass(frozen=True)
class Family:
    """A family.

    Args:
        ladder: upper bounds, in units of `stats`.
        scale: how many of those are one of this family's.
    """

    name: str
    text: str
    labels: Sequence[str]
    ladder: Sequence[int] = MILLISECONDS
    scale: int = 1000


HISTOGRAMS: dict[str, Family] = {
    "duration": Family(
        "docmill_document_duration_seconds", "From submission to the final state, whatever it is.", ("pipeline",)
    ),
    "wait": Family(
        "docmill_step_wait_seconds",
        "From ready to the first lease, without deliberate delay; not of what is taken as it becomes ready.",
        ("pipeline", "step", "priority"),
    ),
    "run": Family("docmill_step_run_seconds", "From lease to done.", ("pipeline", "step")),
    "batch": Family("docmill_batch_size", "Jobs that one call of a step ran.", ("pipeline", "step"), JOBS, 1),
}
"""Kind of a field of `stats` -> its family."""


def histogram_families(counted: Counted) -> Iterator[Metric]:
    """All of them."""
    for kind, family in HISTOGRAMS.items():
        made = HistogramMetricFamily(family.name, family.text, labels=family.labels)
        for labels, series in sorted(counted.histograms[kind].items(), key=lambda one: one[0]):
            made.add_metric(labels, cumulative(series, family), series.sum / family.scale)
        yield made


def cumulative(series: Histogram, family: Family) -> list[tuple[str, float]]:
    """Prometheus' buckets: each holds those before it, the last is +Inf."""
    steps = [
        (str(bound / family.scale), sum(n for le, n in series.buckets.items() if le <= bound))
        for bound in family.ladder
    ]
    return [*steps, ("+Inf", series.count)]
