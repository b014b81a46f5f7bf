"""What one API process says of itself: its requests. Its own alone, so they are summed over processes."""

import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import Metric
from prometheus_client.registry import Collector

BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
"""Seconds."""
CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")


class ApiMetrics(Collector):
    """Counts requests, by the route's template: never by an address, of which there is no end."""

    def __init__(self) -> None:
        self._registry, labels = CollectorRegistry(), ["route", "method", "status_class"]
        self._seconds = Histogram(
            "docmill_http_request_duration_seconds", "From the request's head to the end of its answer.", labels,
            buckets=BUCKETS, registry=self._registry,
        )  # fmt: skip
        self._under_way = Gauge("docmill_http_requests_in_progress", "Requests under way.", registry=self._registry)
        self._away = Counter(
            "docmill_redis_errors", "Requests that Redis did not answer, or refused.", ["kind"], registry=self._registry
        )
        self._known: dict[tuple[str, str, str], Histogram] = {}
        for kind in ("unreachable", "refused"):
            self._away.labels(kind)

    def collect(self) -> Iterator[Metric]:
        """All families."""
        yield from self._registry.collect()

    def begun(self) -> float:
        """A request came; the moment, for `ended`."""
        self._under_way.inc()
        return time.perf_counter()

    def ended(self, began: float, route: str, method: str, status: int) -> None:
        """It was answered."""
        self._under_way.dec()
        known = CLASSES[min(max(status // 100, 1), 5) - 1]
        of = (route, method, known)
        seconds = self._known.get(of) or self._known.setdefault(of, self._seconds.labels(*of))
        seconds.observe(time.perf_counter() - began)

    def redis_failed(self, reachable: bool) -> None:
        """Redis did not answer, or refused."""
        self._away.labels("refused" if reachable else "unreachable").inc()
