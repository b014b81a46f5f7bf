"""The text that Prometheus scrapes."""

from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from orchestrator.metrics.counters import counter_families
from orchestrator.metrics.gauges import gauge_families
from orchestrator.metrics.histograms import histogram_families
from orchestrator.metrics.stats import read_stats
from orchestrator.outlook.figures import Figures


class ClusterCollector(Collector):
    """Gives the figures of one moment to prometheus_client."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """All families."""
        return families(self._figures)


def exposition(figures: Figures | None, *own: Collector) -> bytes:
    """The text that Prometheus scrapes.

    Args:
        figures: None where nobody knows them now.
        own: what this process says of itself.
    """
    registry = CollectorRegistry()
    cluster = [] if figures is None else [ClusterCollector(figures)]
    for collector in (*cluster, *own):
        registry.register(collector)
    return generate_latest(registry)


def families(figures: Figures) -> Iterator[Metric]:
    """Every family of docmill, empty ones too."""
    counted = read_stats(figures.stats)
    yield from counter_families(counted, [lane.name for lane in figures.lanes])
    yield from histogram_families(counted)
    yield from gauge_families(figures, counted)
