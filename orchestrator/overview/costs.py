"""What pipelines take of the machines, and how long jobs wait for them, as the counters tell. Pure."""

from collections.abc import Mapping

from orchestrator.outlook.runs import Runs
from orchestrator.overview.figures import Cost

LaneOf = Mapping[tuple[str, str], str]
"""(pipeline, step) -> its lane, where no override says otherwise."""


def costs_of(stats: Mapping[str, int], lane_of: LaneOf) -> list[Cost]:
    """Seconds of slots by pipeline and lane, since the counters began: the GPU first, then the dearest."""
    taken: dict[tuple[str, str], float] = {}
    ended: dict[str, int] = {}
    for field, value in stats.items():
        kind, *parts = field.split(":")
        if kind in {"finished", "followed"}:
            ended[parts[0]] = ended.get(parts[0], 0) + value
        lane = lane_of.get((parts[0], parts[1])) if kind == "run" and parts[-1] == "sum" else None
        if lane is not None:
            taken[parts[0], lane] = taken.get((parts[0], lane), 0.0) + value / 1000
    costs = [_cost(pipeline, lane, seconds, ended) for (pipeline, lane), seconds in taken.items()]
    return sorted(costs, key=lambda cost: (cost.lane != "gpu", -cost.seconds))


def waits_of(stats: Mapping[str, int], before: Mapping[str, int], lane_of: LaneOf) -> dict[str, float]:
    """By lane, the seconds under which nine in ten waits stayed since then."""
    buckets: dict[str, dict[int, int]] = {}
    for field, value in stats.items():
        kind, *parts = field.split(":")
        gained = value - before.get(field, 0)
        lane = lane_of.get((parts[0], parts[1])) if kind == "wait" and parts[-1] != "sum" and gained > 0 else None
        if lane is not None:
            known = buckets.setdefault(lane, {})
            bound = int(float(parts[-1]))
            known[bound] = known.get(bound, 0) + gained
    spans = {lane: Runs(0.0, known).left() for lane, known in buckets.items()}
    return {lane: span.high for lane, span in spans.items() if span}


def _cost(pipeline: str, lane: str, seconds: float, ended: Mapping[str, int]) -> Cost:
    count = ended.get(pipeline, 0)
    return Cost(pipeline, lane, seconds, seconds * 1000 / count if count else None)
