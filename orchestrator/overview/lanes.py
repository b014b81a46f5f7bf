"""The lanes as they are shown. Pure."""

from collections.abc import Mapping, Sequence

from orchestrator.outlook.looking import crew_of
from orchestrator.outlook.views import LaneOutlook
from orchestrator.overview.figures import LaneState
from orchestrator.overview.waiting import Waiting
from orchestrator.settings import Settings
from orchestrator.worker_views import LaneView, WorkerView
from orchestrator.workforce import Workforce


def lane_states(
    workforce: Workforce,
    waiting: Mapping[str, Waiting],
    outlooks: Sequence[LaneOutlook],
    waits: Mapping[str, float],
    settings: Settings,
) -> list[LaneState]:
    """One of each lane.

    Args:
        outlooks: may be a few seconds older than the rest.
        waits: by lane, under how many seconds nine in ten waits stayed.
    """
    known = {outlook.name: outlook for outlook in outlooks}
    return [
        _state(lane, workforce, waiting.get(lane.name, Waiting()), known.get(lane.name), waits.get(lane.name), settings)
        for lane in workforce.lanes
    ]


def _state(
    lane: LaneView,
    workforce: Workforce,
    waiting: Waiting,
    outlook: LaneOutlook | None,
    waits: float | None,
    settings: Settings,
) -> LaneState:
    most = workforce.snapshot.lanes.get(lane.name, {}).get("most")
    slots = crew_of(workforce, lane.name).slots
    # What was worked out before it was paused, or its last worker went, holds no more.
    stopped = lane.paused or not slots or not (lane.ready or lane.running)
    return LaneState(
        name=lane.name,
        ready=lane.ready,
        by_priority=waiting.counts,
        held=outlook.held if outlook else 0,
        delayed=outlook.delayed if outlook else 0,
        at_least=bool(outlook and outlook.at_least),
        running=lane.running,
        slots=slots,
        limit=int(float(most)) if most else settings.lane_full,
        bounded=bool(most),
        paused=lane.paused,
        resting=lane.resting,
        unserved=None if slots else _last_heard(workforce.workers, lane.name),
        oldest=waiting.oldest,
        target=settings.wait_target_of(lane.name),
        waits=waits,
        pace=outlook.pace * 60 if outlook and outlook.pace is not None else None,
        drains=outlook.drains if outlook and not stopped else None,
        basis=outlook.basis if outlook else "",
    )


def _last_heard(workers: Sequence[WorkerView], lane: str) -> float | None:
    return min((worker.silent for worker in workers if lane in worker.lanes), default=None)
