"""What waits in the lanes: how many of each priority, and how long the next of them has waited; one look at each, no scan."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestrator.admission import URGENT, USUAL
from orchestrator.calls import DocumentCalls, MeasureCalls
from orchestrator.calls.overview import OverviewCalls
from orchestrator.connection import Asynchronous
from orchestrator.keys import Keys
from orchestrator.outlook.meeting import PRIORITY_WIDTH, id_of, step_of
from orchestrator.overview.figures import Wait
from orchestrator.snapshot import Snapshot

BANDS = ((URGENT, USUAL + 1), (USUAL, USUAL), (USUAL - 1, 0))
"""Priorities that are shown together, from the highest to the lowest of each."""


@dataclass
class Waiting:
    """Of one lane, by band."""

    counts: list[int] = field(default_factory=lambda: [0] * len(BANDS))
    oldest: list[Wait | None] = field(default_factory=lambda: [None] * len(BANDS))


@dataclass(frozen=True)
class _Spot:
    """A band of a part of a lane."""

    lane: str
    part: str
    band: int

    @property
    def scores(self) -> tuple[float, float]:
        high, low = BANDS[self.band]
        return (URGENT - high) * PRIORITY_WIDTH, (URGENT - low + 1) * PRIORITY_WIDTH


async def read_waiting(transport: Asynchronous, snapshot: Snapshot) -> dict[str, Waiting]:
    """By lane, in two round trips."""
    spots = [
        _Spot(lane, part, band) for lane in snapshot.lanes for part in snapshot.parts_of(lane) for band in range(3)
    ]
    measures, calls = MeasureCalls(Keys()), OverviewCalls(Keys())
    counts = [measures.within(f"ready:{spot.part}", *spot.scores) for spot in spots]
    firsts = [calls.first_within(f"ready:{spot.part}", *spot.scores) for spot in spots]
    found = await transport.send_all([*counts, *firsts])
    waiting = {lane: Waiting() for lane in snapshot.lanes}
    for spot, count in zip(spots, found, strict=False):
        waiting[spot.lane].counts[spot.band] += count
    heads = [(spot, jobs[0]) for spot, jobs in zip(spots, found[len(spots) :], strict=True) if jobs]
    await _read_ages(transport, snapshot.now, waiting, heads)
    return waiting


async def _read_ages(
    transport: Asynchronous, now: float, waiting: dict[str, Waiting], heads: Sequence[tuple[_Spot, str]]
) -> None:
    documents = DocumentCalls(Keys())
    asked = [documents.field(id_of(job), f"{step_of(job)}.ready") for _, job in heads]
    for (spot, job), ready in zip(heads, await transport.send_all(asked), strict=True):
        if ready is None:
            continue  # it was taken, or purged, meanwhile
        wait = Wait(max(0.0, now - int(ready) / 1000), id_of(job), step_of(job))
        oldest = waiting[spot.lane].oldest
        before = oldest[spot.band]
        if before is None or wait.seconds > before.seconds:
            oldest[spot.band] = wait
