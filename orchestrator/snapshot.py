"""What all of docmill holds at one moment: read in two round trips, whatever the backlog."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

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
    """

    stats: Mapping[str, int]
    ready: Mapping[str, int] = field(default_factory=dict[str, int])
    leases: int = 0
    delayed: int = 0
    workers_alive: int = 0


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
    classes = [_classes(calls.keys, lane) for lane in lanes]
    more = await transport.send_all([*depths, *classes, *(calls.worker(worker) for worker in workers)])
    ready: dict[str, int] = dict(zip(lanes, more, strict=False))
    apart = _apart(lanes, more[len(lanes) : 2 * len(lanes)])
    for (lane, _), depth in zip(apart, await _depths(transport, calls, apart), strict=True):
        ready[lane] += depth
    counted = {name: int(value) for name, value in stats.items()}
    return Snapshot(counted, ready, leases, delayed, Serving(more[2 * len(lanes) :], now, lease).workers)


def _classes(keys: Keys, lane: str) -> Call[list[str]]:
    """The classes of a lane that jobs were set aside in."""
    return Call(("HGET",), (keys.lane(lane), "classes"), lambda raw: raw.decode().split() if raw else [])


def _apart(lanes: Sequence[str], classes: Sequence[Sequence[str]]) -> list[tuple[str, str]]:
    return [(lane, name) for lane, names in zip(lanes, classes, strict=True) for name in names]


async def _depths(transport: Asynchronous, calls: DocumentCalls, apart: Sequence[tuple[str, str]]) -> list[int]:
    # A third trip, for the rare lane with jobs that some worker could not run.
    return await transport.send_all([calls.depth(f"{lane}:{name}") for lane, name in apart]) if apart else []
