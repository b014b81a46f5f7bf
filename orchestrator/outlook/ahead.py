"""What stands before a place in a lane, and what it will cost: counted, and looked at in part; nothing scans."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from orchestrator.calls import Call, MeasureCalls
from orchestrator.connection import Asynchronous
from orchestrator.outlook.meeting import PRIORITY_WIDTH, Meeting, step_of
from orchestrator.outlook.paces import Paces
from orchestrator.outlook.runs import Runs, Spread

MOST_LOOKED_AT = 32
"""Entries of a lane that are looked at, evenly spaced: they stand for the rest."""
MOST_BATCH = 16
"""Jobs of a batch that a call hands out, as `lua/lib/take.lua` has it."""


@dataclass(frozen=True)
class Place:
    """A place in a lane.

    Args:
        parts: the lane and those of its classes that count (`lane:class`).
        score: infinity is the lane's end.
        running: jobs that slots hold of this lane, `<document>/<step>`.
        job: that stands there, in this `part`; empty where none does yet.
    """

    lane: str
    parts: Sequence[str]
    score: float = math.inf
    running: Sequence[str] = ()
    job: str = ""
    part: str = ""


@dataclass(frozen=True)
class Ahead:
    """What comes before a place.

    Args:
        jobs: a fan-out's items each.
        at_least: not every entry was looked at, and some may be fan-outs.
        runs: as many as are expected: with what follows of them in the same lane, before that place.
        spread: what a run costs; None where nothing of it was measured.
        measured: the runs that this is known from.
        unmeasured: steps of which no run was.
    """

    jobs: int
    at_least: bool
    runs: float
    spread: Spread | None
    measured: Sequence[Runs] = ()
    unmeasured: frozenset[str] = frozenset()


@dataclass(frozen=True)
class _Seen:
    """One job looked at.

    Args:
        score: of its entry; None where a slot runs it.
        scale: how many it stands for.
        beside: entries of its part that stand before the place.
    """

    job: str
    score: float | None
    scale: float
    beside: int = 1


@dataclass(frozen=True)
class _Part:
    """A part of a place's lane; `at` is the place's number."""

    at: int
    place: Place
    part: str

    @property
    def zset(self) -> str:
        return f"ready:{self.part}"

    def count(self, calls: MeasureCalls) -> Call[Any]:
        """Its entries before the place: by rank where the job itself stands in it, since others may have its score."""
        if self.part == self.place.part:
            return calls.rank(self.zset, self.place.job)
        return calls.before(self.zset, self.place.score)


Cost = tuple[float, str, str]
"""Runs, of which pipeline and step."""


async def read_ahead(
    transport: Asynchronous, calls: MeasureCalls, paces: Paces, places: Sequence[Place], looks: int = MOST_LOOKED_AT
) -> list[Ahead]:
    """What comes before each of these places, in five round trips however many they are.

    Args:
        looks: entries of each part of a lane that are looked at.
    """
    parts = [_Part(at, place, part) for at, place in enumerate(places) for part in place.parts]
    counts = await transport.send_all([part.count(calls) for part in parts])
    running = [_running(place) for place in places]
    seen = await _look(transport, calls, running, list(zip(parts, counts, strict=True)), looks)
    meeting = Meeting(transport, calls)
    await meeting.meet([one.job for jobs in seen for one in jobs])
    return [_sum_up(place, jobs, meeting, paces) for place, jobs in zip(places, seen, strict=True)]


async def _look(
    transport: Asynchronous,
    calls: MeasureCalls,
    seen: list[list[_Seen]],
    parts: Sequence[tuple[_Part, int | None]],
    looks: int,
) -> list[list[_Seen]]:
    """Entries evenly spaced over each part, beside the jobs that run, by place."""
    wanted = [(part, count, _ranks(count, looks)) for part, count in parts if count]
    asked = [calls.at(part.zset, rank) for part, _, ranks in wanted for rank in ranks]
    found = iter(await transport.send_all(asked))
    for part, count, ranks in wanted:
        for _ in ranks:
            seen[part.at] += [_Seen(job, score, count / len(ranks), count) for job, score in next(found)]
    return seen


def _running(place: Place) -> list[_Seen]:
    ranks = _ranks(len(place.running), MOST_LOOKED_AT)
    return [_Seen(place.running[rank], None, len(place.running) / len(ranks)) for rank in ranks]


def _ranks(count: int, most: int) -> list[int]:
    """That many of so many, evenly spaced, the first among them."""
    return [index * count // min(count, most) for index in range(min(count, most))]


def _sum_up(place: Place, seen: Sequence[_Seen], meeting: Meeting, paces: Paces) -> Ahead:
    jobs, begun, at_least, costs = 0.0, 0.0, False, list[Cost]()
    for one in seen:
        items = _items(one, place, meeting)
        if one.score is None:
            begun += one.scale
        else:
            jobs += one.scale * items
            at_least = at_least or one.scale > 1
        costs += [
            (one.scale * runs, pipeline, step) for runs, pipeline, step in _costs(one, items, place, meeting, paces)
        ]
    known = [(runs, paces.of(pipeline, step)) for runs, pipeline, step in costs]
    measured = {id(found): found for _, found in known if found is not None}
    missing = frozenset(step for (_, _, step), (_, found) in zip(costs, known, strict=True) if found is None)
    spread = Spread.of([(runs, found) for runs, found in known if found is not None])
    runs = max(0.0, sum(runs for runs, _ in known) - begun)
    return Ahead(round(jobs), at_least, runs, spread, list(measured.values()), missing)


def _items(one: _Seen, place: Place, meeting: Meeting) -> int:
    """Jobs that an entry gives out before the place: each item of a fan-out has its own, after the one before it."""
    left, graph = meeting.left_of(one.job), meeting.graph_of(one.job)
    if one.score is None or left is None:
        return 1
    between = place.score - one.score
    if between > PRIORITY_WIDTH or (graph and graph.whole):
        return left
    return max(1, min(left, math.ceil(between)))


def _costs(one: _Seen, items: int, place: Place, meeting: Meeting, paces: Paces) -> list[Cost]:
    """The runs that a job means for the lane: its own, begun or not, and what follows of it there before the place."""
    document, graph = meeting.document_of(one.job), meeting.graph_of(one.job)
    if document is None or graph is None:
        return []
    step = step_of(one.job)
    together = min(graph.batch(step), MOST_BATCH, one.beside + 1)
    own = [(1.0 if one.score is None else items / together, document.pipeline, step)]
    # What follows of a fan-out follows its last item.
    if document.score > place.score or one.job.endswith("]") or items < (meeting.left_of(one.job) or 1):
        return own
    later = [name for name in graph.after(step) if graph.lane(name, document.lanes) == place.lane]
    return own + [(paces.times(graph, document.pipeline, name), document.pipeline, name) for name in later]
