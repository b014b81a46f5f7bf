"""Gauges of all of docmill: worked out when they are asked for, from the figures that the command line shows too."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.metadata import version

from prometheus_client.core import GaugeMetricFamily, Metric

from orchestrator.metrics.stats import Counted, Labels
from orchestrator.outlook.figures import Figures
from orchestrator.outlook.views import LaneFigures

Values = Iterable[tuple[Labels, float | None]]

WORKER_STATES = ("alive", "draining", "silent", "ended")
HOLDS = ("pipeline", "tenant", "limit", "started", "ahead")

OF_LANES: dict[str, tuple[str, Sequence[str], Callable[[LaneFigures], Values]]] = {
    "ready": (
        "Entries ready in a lane; a fan-out is one.",
        ["priority"],
        lambda lane: (((str(9 - at),), count) for at, count in enumerate(lane.by_priority)),
    ),
    "oldest_age_seconds": (
        "For how long the job that a priority gives next has waited; 0 where none waits.",
        ["priority"],
        lambda lane: (((str(9 - at),), age or 0) for at, age in enumerate(lane.oldest)),
    ),
    "leases": ("Jobs of a lane that slots hold.", [], lambda lane: [((), lane.leased)]),
    "oldest_lease_age_seconds": (
        "For how long the longest held of them has been held; 0 where there is none.",
        [],
        lambda lane: [((), lane.oldest_lease or 0)],
    ),
    "slots": ("Slots of live workers that serve a lane; one that serves several counts in each.", [],
              lambda lane: [((), lane.slots)]),
    "slots_busy": ("Those of them that hold a job, of whatever lane.", [], lambda lane: [((), lane.busy)]),
    "paused": ("1 where somebody has paused the lane.", [], lambda lane: [((), int(lane.paused))]),
    "resting": ("1 where a service that the lane's jobs need is down.", [], lambda lane: [((), int(bool(lane.resting)))]),
    "limit": ("Entries that may wait in the lane; then submissions are refused.", [], lambda lane: [((), lane.most)]),
    "backlog_seconds": (
        "Work that waits or runs in the lane, in seconds of one slot, as runs were measured lately.",
        [],
        lambda lane: [((), lane.work)],
    ),
    "drain_seconds": (
        "Until all that is ready has ended, nothing new coming: one in ten is expected before 0.1, one after 0.9.",
        ["share"],
        lambda lane: _range(lane),
    ),
}  # fmt: skip
"""Name behind `docmill_lane_` -> what it is, its labels beside the lane, its values; None is not known, and left out."""


def gauge_families(figures: Figures, counted: Counted) -> Iterator[Metric]:
    """All of them."""
    for name, (text, labels, values) in OF_LANES.items():
        found = [((lane.name, *more), value) for lane in figures.lanes for more, value in values(lane)]
        yield _gauge(f"docmill_lane_{name}", text, ["lane", *labels], found)
    yield from _of_documents(figures, counted)
    yield from _of_workers(figures)
    yield _gauge("docmill_build_info", "The version that answers.", ["version"], [((version("docmill"),), 1)])


def _of_documents(figures: Figures, counted: Counted) -> Iterator[Metric]:
    kept = [((state,), count) for state, count in figures.documents.items()]
    yield _gauge("docmill_documents", "Documents that are kept, by status; an on_finish and a delivery are some.",
                 ["status"], kept)  # fmt: skip
    under_way = Counter[str]()
    for kind, sign in (("submitted", 1), ("revived", 1), ("finished", -1)):
        for (pipeline, _), count in counted.counters[kind].items():
            under_way[pipeline] += sign * count
    yield _gauge("docmill_documents_in_progress", "Documents submitted that have not ended.", ["pipeline"],
                 (((name,), count) for name, count in under_way.items()))  # fmt: skip
    yield _gauge("docmill_dead_letters", "Documents that failed, and are kept.", [],
                 [((), figures.documents.get("failed", 0))])  # fmt: skip
    snapshot = figures.workforce.snapshot
    yield _gauge("docmill_leases", "Jobs being run.", [], [((), snapshot.leases)])
    yield _gauge("docmill_leases_overdue_seconds", "For how long a lease has been over that no sweep has taken back.", [],
                 [((), figures.overdue)])  # fmt: skip
    yield _gauge("docmill_delayed", "Jobs that wait for a retry's delay or a start time.", [], [((), snapshot.delayed)])
    yield _gauge("docmill_held", "Entries kept back, by the kind of what holds them.", ["kind"],
                 [((kind,), figures.held.get(kind, 0)) for kind in HOLDS])  # fmt: skip


def _of_workers(figures: Figures) -> Iterator[Metric]:
    workers = figures.workforce.workers
    states = Counter(worker.state for worker in workers)
    alive = [worker for worker in workers if worker.state == "alive"]
    slots = [slot for worker in alive for slot in worker.slots]
    models = [model for worker in figures.workforce.present for slot in worker.slots for model in slot.models]
    held, sizes = Counter(model.name for model in models), Counter[str]()
    for model in models:
        sizes[model.name] += model.bytes
    serving = Counter(lane for worker in alive for lane in worker.lanes)
    names = {lane.name for lane in figures.lanes} | set(serving)
    yield _gauge("docmill_workers", "Workers heard of in the last hour.", ["state"],
                 [((state,), states[state]) for state in WORKER_STATES])  # fmt: skip
    yield _gauge("docmill_lane_workers", "Live workers that serve a lane.", ["lane"],
                 [((lane,), serving[lane]) for lane in names])  # fmt: skip
    yield _gauge("docmill_slots", "Slots of live workers.", [], [((), len(slots))])
    yield _gauge("docmill_slots_busy", "Those of them that hold a job.", [], [((), sum(bool(s.jobs) for s in slots))])
    yield _gauge("docmill_model_resident", "Processes in which a model is loaded.", ["model"],
                 (((name,), count) for name, count in held.items()))  # fmt: skip
    yield _gauge("docmill_model_bytes", "Memory that a model takes, in all of them.", ["model"],
                 (((name,), size) for name, size in sizes.items()))  # fmt: skip


def _range(lane: LaneFigures) -> Values:
    if lane.drains is None:
        return [] if lane.basis else [((word,), 0.0) for word in ("0.1", "0.5", "0.9")]
    return [(("0.1",), lane.drains.low), (("0.5",), lane.drains.likely), (("0.9",), lane.drains.high)]


def _gauge(name: str, text: str, labels: Sequence[str], values: Values) -> Metric:
    family = GaugeMetricFamily(name, text, labels=labels)
    for found, value in sorted((pair for pair in values if pair[1] is not None), key=lambda pair: pair[0]):
        family.add_metric(found, value or 0)
    return family
