"""What comes in and what goes out, from totals that Redis keeps for an hour. Pure."""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from orchestrator.overview.figures import Flow, Minute, PipelineFlow
from orchestrator.states import FINAL_DOCUMENT

ENDED = tuple(sorted(map(str, FINAL_DOCUMENT)))
LEAST = 20.0
"""Seconds over which a rate is taken at least: over fewer it would jump."""
USUAL = 60.0
"""Seconds over which it is taken where there is a line so old."""

Line = Mapping[str, int]
"""Totals at one time: `at` (ms), `submitted`, the words of `ENDED`, `runs`."""


def totals_of(stats: Mapping[str, int | str], left_out: Collection[str]) -> dict[str, int]:
    """What the counters come to.

    Args:
        left_out: pipelines whose documents do not count: docmill made them of a document's end.
    """
    totals = dict.fromkeys(("submitted", *ENDED, "runs"), 0)
    for field, value in stats.items():
        kind, *parts = field.split(":")
        if not parts or parts[0] in left_out:
            continue
        if kind == "submitted":
            totals["submitted"] += int(value)
        elif kind == "finished" and parts[-1] in totals:
            totals[parts[-1]] += int(value)
        elif kind == "run" and parts[-1] != "sum":
            totals["runs"] += int(value)
    return totals


def flow_of(now: float, totals: Line, lines: Sequence[Line], pipelines: Sequence[PipelineFlow], window: float) -> Flow:
    """Rates and the course of the last hour.

    Args:
        now: the server's clock, seconds; `totals` are of then.
        lines: oldest first.
    """
    here = {**totals, "at": round(now * 1000)}
    begin = next((line for line in reversed(lines) if now - line["at"] / 1000 >= USUAL), lines[0] if lines else None)
    if begin is None or now - begin["at"] / 1000 < LEAST:
        return Flow(None, None, None, _course([*lines, here]), [*pipelines], window)
    last = _between(begin, here)
    return Flow(
        last.incoming, last.outgoing, _rate(begin, here, ("runs",)), _course([*lines, here]), [*pipelines], window
    )


def flow_by_pipeline(
    stats: Mapping[str, int], before: Mapping[str, int], window: float, left_out: Collection[str]
) -> list[PipelineFlow]:
    """Documents a minute of each pipeline that had any, the busiest first.

    Args:
        before: the counters as they were `window` seconds ago.
    """
    gained: dict[str, list[int]] = {}
    for field, value in stats.items():
        kind, *parts = field.split(":")
        if kind in {"submitted", "finished"} and parts[0] not in left_out:
            gained.setdefault(parts[0], [0, 0])[kind == "finished"] += max(0, value - before.get(field, 0))
    rates = [PipelineFlow(name, came * 60 / window, went * 60 / window) for name, (came, went) in gained.items()]
    return sorted((one for one in rates if one.incoming or one.outgoing), key=lambda one: -one.outgoing)


def _course(lines: Sequence[Line]) -> list[Minute]:
    return [_between(*pair) for pair in pairwise(lines) if pair[1]["at"] - pair[0]["at"] >= LEAST * 1000]


def _between(before: Line, after: Line) -> Minute:
    return Minute(after["at"] / 1000, _rate(before, after, ("submitted",)), _rate(before, after, ENDED))


def _rate(before: Line, after: Line, names: Collection[str]) -> float:
    minutes = (after["at"] - before["at"]) / 60_000
    # Less than before: another Redis, or one that was emptied.
    return max(0.0, sum(after.get(name, 0) - before.get(name, 0) for name in names) / minutes)
