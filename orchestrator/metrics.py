"""Metrics: the one owner of their names. What Redis holds becomes Prometheus families; no process counts for itself.

So every API process answers the same, a restart loses nothing, and no series names a process. Names follow the rules of
Prometheus: prefix `docmill_`, seconds, `_total` on counters. Labels are pipelines, steps, lanes and states: bounded.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.metadata import version

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.registry import Collector

from orchestrator.snapshot import Snapshot

LADDER = [2**n for n in range(25)]
"""Upper bounds of buckets, ms, 1 ms to 4.7 hours: the same in every series, so that they can be summed by `le`."""

COUNTERS = {
    "submitted": ("docmill_documents_submitted", "Documents accepted.", ["pipeline", "priority"]),
    "finished": ("docmill_documents_finished", "Documents that reached a final state.", ["pipeline", "outcome"]),
    "ended": (
        "docmill_step_ended",
        "Runs of a step that ended: done, retry, failed, died (its process), lost (its lease).",
        ["pipeline", "step", "outcome"],
    ),
    "cached": (
        "docmill_step_cached",
        "Jobs whose result was kept from before: their step did not run.",
        ["pipeline", "step"],
    ),
}
HISTOGRAMS = {
    "duration": ("docmill_document_duration_seconds", "From submission to the final state.", ["pipeline"]),
    "wait": (
        "docmill_step_wait_seconds",
        "From ready to the first lease; not of what is taken as it becomes ready.",
        ["pipeline", "step"],
    ),
    "run": ("docmill_step_run_seconds", "From lease to done.", ["pipeline", "step"]),
}
GAUGES = {
    "leases": ("docmill_leases", "Jobs being run."),
    "delayed": ("docmill_delayed", "Jobs that wait for a retry's delay or a start time."),
    "workers_alive": ("docmill_workers_alive", "Workers that renewed within a lease."),
}

Labels = tuple[str, ...]


@dataclass
class Histogram:
    """One series; `buckets` maps an upper bound in ms to what fell between the bound before and it."""

    buckets: dict[int, int] = field(default_factory=dict[int, int])
    sum_ms: int = 0

    @property
    def count(self) -> int:
        """How many were observed."""
        return sum(self.buckets.values())

    def cumulative(self) -> list[tuple[str, float]]:
        """Prometheus' buckets: each holds those before it, bounds in seconds, the last is +Inf."""
        steps = [(str(bound / 1000), sum(n for le, n in self.buckets.items() if le <= bound)) for bound in LADDER]
        return [*steps, ("+Inf", self.count)]


class ClusterCollector(Collector):
    """Gives one snapshot to prometheus_client."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._snapshot = snapshot

    def collect(self) -> Iterator[Metric]:
        """All families."""
        return families(self._snapshot)


def exposition(snapshot: Snapshot) -> bytes:
    """The text that Prometheus scrapes."""
    registry = CollectorRegistry()
    registry.register(ClusterCollector(snapshot))
    return generate_latest(registry)


def families(snapshot: Snapshot) -> Iterator[Metric]:
    """Every family of docmill, empty ones too, so that a rule never names what does not exist."""
    counters, histograms = read_stats(snapshot.stats)
    for kind, (name, text, labels) in COUNTERS.items():
        yield _counter(CounterMetricFamily(name, text, labels=labels), counters[kind].items())
    for kind, (name, text, labels) in HISTOGRAMS.items():
        yield _histogram(HistogramMetricFamily(name, text, labels=labels), histograms[kind].items())
    ready = GaugeMetricFamily("docmill_lane_ready", "Entries ready in a lane; a fan-out is one.", labels=["lane"])
    for lane, depth in sorted(snapshot.ready.items()):
        ready.add_metric([lane], depth)
    yield ready
    for attribute, (name, text) in GAUGES.items():
        yield GaugeMetricFamily(name, text, value=getattr(snapshot, attribute))
    build = GaugeMetricFamily("docmill_build_info", "The version that answers.", labels=["version"])
    build.add_metric([version("docmill")], 1)
    yield build


def read_stats(stats: Mapping[str, int]) -> tuple[dict[str, dict[Labels, int]], dict[str, dict[Labels, Histogram]]]:
    """Sort the fields of `stats`, written by `lua/lib/facts.lua`, by family; what is not known is left out."""
    counters: dict[str, dict[Labels, int]] = {kind: {} for kind in COUNTERS}
    histograms: dict[str, dict[Labels, Histogram]] = {kind: {} for kind in HISTOGRAMS}
    for name, value in stats.items():
        kind, *parts = name.split(":")
        if kind in COUNTERS and len(parts) == len(COUNTERS[kind][2]):
            counters[kind][tuple(parts)] = value
        elif kind in HISTOGRAMS and len(parts) == len(HISTOGRAMS[kind][2]) + 1:
            series = histograms[kind].setdefault(tuple(parts[:-1]), Histogram())
            if parts[-1] == "sum":
                series.sum_ms = value
            else:
                series.buckets[int(float(parts[-1]))] = value
    for labels, series in histograms["run"].items():
        counters["ended"][(*labels, "done")] = series.count
    return counters, histograms


def _counter(family: CounterMetricFamily, series: Iterable[tuple[Labels, int]]) -> Metric:
    for labels, value in sorted(series):
        family.add_metric(labels, value)
    return family


def _histogram(family: HistogramMetricFamily, series: Iterable[tuple[Labels, Histogram]]) -> Metric:
    for labels, histogram in sorted(series, key=lambda one: one[0]):
        family.add_metric(labels, histogram.cumulative(), histogram.sum_ms / 1000)
    return family
