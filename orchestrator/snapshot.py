"""What all of docmill holds at one moment: read in three round trips at most, whatever the backlog."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from orchestrator.calls import Call, DocumentCalls
from orchestrator.connection import Asynchronous
from orchestrator.keys import Keys
from orchestrator.reasons import Serving


@dataclass(frozen=True)
class Snapshot:
    """What Redis held.

    Args:
        stats: the fields of `stats`: counters, and sums in ms.
        ready: entries ready, by lane (a fan-out is one).
        leases: jobs being run.
        delayed: jobs that wait for a retry's delay or a start time.
        now: the server's clock, seconds.
        lanes: the lanes' hashes, by lane.
        workers: the workers' records, by id; those of the last hour.
    """

    stats: Mapping[str, int]
    ready: Mapping[str, int] = field(default_factory=dict[str, int])
    leases: int = 0
    delayed: int = 0
    workers_alive: int = 0
    now: float = 0.0
    lanes: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    workers: Mapping[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def parts_of(self, lane: str) -> list[str]:
        """The lane itself, and each of its classes that has jobs apart (`lane:class`)."""
        return [lane, *(f"{lane}:{name}" for name in self.lanes[lane].get("classes", "").split())]


async def read_snapshot(transport: Asynchronous, lease: float) -> Snapshot:
    """Read one.

    Args:
        lease: a worker silent for longer is not alive, seconds.
    """
    calls = DocumentCalls(Keys())
    stats, lanes, leases, delayed, now, workers = await transport.send_all(
        [calls.stats(), calls.lanes(), calls.count("leases"), calls.count("delayed"), calls.time(), calls.workers()]
    )
    depths: list[Call[int]] = [calls.depth(lane) for lane in lanes]
    hashes = [calls.lane(lane) for lane in lanes]
    more = await transport.send_all([*depths, *hashes, *(calls.worker(worker) for worker in workers)])
    known = dict(zip(lanes, more[len(lanes) : 2 * len(lanes)], strict=True))
    records: list[dict[str, str]] = more[2 * len(lanes) :]
    counted = {name: int(value) for name, value in stats.items()}
    alive = Serving(records, now, lease).workers
    by_id = dict(zip(workers, records, strict=True))
    found = Snapshot(counted, dict(zip(lanes, more, strict=False)), leases, delayed, alive, now, known, by_id)
    return replace(found, ready=await _with_classes(transport, calls, found))


async def _with_classes(transport: Asynchronous, calls: DocumentCalls, found: Snapshot) -> dict[str, int]:
    """The depths of the lanes with those of their classes: a third trip where there are any."""
    apart = [(lane, part) for lane in found.lanes for part in found.parts_of(lane)[1:]]
    depths = await transport.send_all([calls.depth(part) for _, part in apart])
    ready = dict(found.ready)
    for (lane, _), depth in zip(apart, depths, strict=True):
        ready[lane] += depth
    return ready
