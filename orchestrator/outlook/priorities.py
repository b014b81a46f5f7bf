"""What of a lane waits at which priority, and for how long what each gives next has waited."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.calls import DocumentCalls, MeasureCalls
from orchestrator.connection import Asynchronous
from orchestrator.keys import Keys
from orchestrator.outlook.ahead import Place
from orchestrator.outlook.meeting import PRIORITY_WIDTH, id_of, step_of

PRIORITIES = range(9, -1, -1)


@dataclass(frozen=True)
class Priorities:
    """Of one lane, from priority 9 to 0: entries ready, and seconds that the next of them has waited; None: there is none."""

    counts: list[int]
    oldest: list[float | None]


@dataclass(frozen=True)
class _Range:
    """One priority of one part of a lane."""

    place: int
    part: str
    priority: int

    @property
    def bounds(self) -> tuple[str, float, float]:
        """The zset, and its scores of that priority."""
        first = (9 - self.priority) * PRIORITY_WIDTH
        return f"ready:{self.part}", first, first + PRIORITY_WIDTH


async def read_priorities(
    transport: Asynchronous, calls: MeasureCalls, places: Sequence[Place], now: float
) -> list[Priorities]:
    """Of each place's lane, in three round trips; nothing scans.

    Args:
        now: the server's clock, seconds.
    """
    ranges = [_Range(at, part, p) for at, place in enumerate(places) for part in place.parts for p in PRIORITIES]
    counted = await transport.send_all([calls.within(*one.bounds) for one in ranges])
    some = [one for one, count in zip(ranges, counted, strict=True) if count]
    heads = await transport.send_all([calls.head_within(*one.bounds) for one in some])
    jobs = [(one, head[0]) for one, head in zip(some, heads, strict=True) if head]
    asked = [DocumentCalls(Keys()).field(id_of(job), f"{step_of(job)}.ready") for _, job in jobs]
    ready = await transport.send_all(asked)
    found = [Priorities([0] * len(PRIORITIES), [None] * len(PRIORITIES)) for _ in places]
    for one, count in zip(ranges, counted, strict=True):
        found[one.place].counts[9 - one.priority] += count
    for (one, _), since in zip(jobs, ready, strict=True):
        if since is not None:
            oldest, at = found[one.place].oldest, 9 - one.priority
            oldest[at] = max(oldest[at] or 0.0, now - int(since) / 1000)
    return found
