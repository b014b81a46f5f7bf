"""What one worker says of itself: its processes, models and cards. Its own alone, so it is summed over workers."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from orchestrator.metrics.vitals import CardVitals, GroupVitals, WorkerVitals

LOADING = (0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0)
"""Seconds."""
CALLING = (0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
"""Seconds."""


class WorkerMetrics(Collector):
    """Keeps what is told, and tells it when it is asked.

    Args:
        cards: reads the cards, at each scrape.
    """

    def __init__(self, cards: Callable[[], Sequence[CardVitals]]) -> None:
        self._vitals, self._cards, registry = WorkerVitals(), cards, CollectorRegistry()
        self._loads = Histogram("docmill_model_load_seconds", "Loading a model, its warm-up included.", ["model"],
                                buckets=LOADING, registry=registry)  # fmt: skip
        self._evictions = Counter("docmill_model_evictions", "Models that left for want of room, or of use.", ["model"],
                                  registry=registry)  # fmt: skip
        self._calls = Histogram("docmill_worker_redis_call_seconds", "Redis answering a supervisor, mostly a renewal.",
                                   buckets=CALLING, registry=registry)  # fmt: skip
        self._failed = Counter("docmill_worker_redis_errors", "Calls of the supervisor that Redis did not answer.",
                               registry=registry)  # fmt: skip
        ProcessCollector(namespace="docmill_worker_supervisor", registry=registry)
        self._registry = registry

    def publish(self, vitals: WorkerVitals) -> None:
        """This is how it is now."""
        self._vitals = vitals

    def loaded(self, model: str, seconds: float) -> None:
        """A process has loaded a model."""
        self._loads.labels(model).observe(seconds)
        self._evictions.labels(model)  # there from the first load on: see `counters`

    def evicted(self, model: str) -> None:
        """A model had to leave."""
        self._evictions.labels(model).inc()

    def answered(self, seconds: float) -> None:
        """Redis has answered."""
        self._calls.observe(seconds)

    def redis_failed(self) -> None:
        """It has not."""
        self._failed.inc()

    def collect(self) -> Iterator[Metric]:
        """All families."""
        yield from self._registry.collect()
        found = self._vitals
        yield _gauge("docmill_worker_info", "The worker.", ["worker", "host", "version"],
                     {(found.worker, found.host, version("docmill")): 1})  # fmt: skip
        yield _gauge("docmill_worker_slots", "Slots of a group.", ["group"], _of(found, lambda one: one.slots))
        yield _gauge("docmill_worker_slots_busy", "Those that hold a job.", ["group"], _of(found, lambda one: one.busy))
        yield _gauge("docmill_worker_memory_bytes", "Memory that a group's processes hold.", ["group"],
                     _of(found, lambda one: one.bytes))  # fmt: skip
        yield GaugeMetricFamily("docmill_worker_standby", "Processes in reserve, loaded.", value=found.standby)
        yield _gauge("docmill_worker_model_resident", "Processes in which a model is loaded.", ["model"],
                     {(name,): count for name, (count, _) in found.models.items()})  # fmt: skip
        yield _gauge("docmill_worker_model_bytes", "Memory that a model takes, in all of them.", ["model"],
                     {(name,): size for name, (_, size) in found.models.items()})  # fmt: skip
        yield from _of_cards(self._cards())


def _of_cards(cards: Sequence[CardVitals]) -> Iterator[Metric]:
    yield _gauge("docmill_gpu_info", "A card of this machine.", ["gpu", "name"],
                 {(card.uuid, card.name): 1 for card in cards})  # fmt: skip
    figures: Sequence[tuple[str, str, Callable[[CardVitals], float | None]]] = (
        ("memory_used_bytes", "Memory that is held, by whomever.", lambda card: card.used),
        ("memory_total_bytes", "Memory that there is.", lambda card: card.total),
        ("utilization_ratio", "Share of the time in which something ran on it.", lambda card: card.utilization),
        ("power_watts", "Power that it draws.", lambda card: card.power),
        ("temperature_celsius", "Its temperature.", lambda card: card.celsius),
    )
    for name, text, read in figures:
        told = {(card.uuid,): value for card in cards if (value := read(card)) is not None}
        yield _gauge(f"docmill_gpu_{name}", text, ["gpu"], told)


def _of(found: WorkerVitals, read: Callable[[GroupVitals], int]) -> dict[tuple[str, ...], float]:
    return {(name,): read(group) for name, group in found.groups.items()}


def _gauge(name: str, text: str, labels: Sequence[str], series: Mapping[tuple[str, ...], float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels)
    for found, value in sorted(series.items()):
        family.add_metric(found, value)
    return family
