"""All that there is to know of docmill at one moment, for every surface that tells it: read in about fifteen round trips,
of which none takes longer for a longer backlog."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from orchestrator.calls import DocumentCalls, MeasureCalls
from orchestrator.connection import Asynchronous
from orchestrator.keys import Keys
from orchestrator.outlook.ahead import MOST_LOOKED_AT, Ahead, Place, read_ahead
from orchestrator.outlook.estimating import until_empty
from orchestrator.outlook.graphs import Graph
from orchestrator.outlook.looking import basis_of, crew_of, load_of, read_paces
from orchestrator.outlook.paces import Paces
from orchestrator.outlook.priorities import Priorities, read_priorities
from orchestrator.outlook.views import LaneFigures
from orchestrator.states import DocumentState
from orchestrator.worker_views import LaneView
from orchestrator.workforce import Workforce, read_workforce

MOST_REASONS = 200
"""For which jobs are held, that are counted."""


@dataclass(frozen=True)
class Figures:
    """One moment.

    Args:
        lanes: that ever held a job, or that a worker serves, by name.
        documents: that are kept, by status.
        held: entries kept back, by the kind of what holds them: pipeline, tenant, limit, started, ahead.
        overdue: seconds since a lease ended that no sweep has taken back; 0 where there is none.
    """

    workforce: Workforce
    lanes: list[LaneFigures]
    documents: Mapping[str, int]
    held: Mapping[str, int]
    overdue: float

    @property
    def stats(self) -> Mapping[str, int]:
        """The counters."""
        return self.workforce.snapshot.stats


async def read_figures(transport: Asynchronous, lease: float, looks: int = MOST_LOOKED_AT) -> Figures:
    """Read them.

    Args:
        lease: seconds that a worker may be silent before its leases end.
        looks: entries of each part of a lane that are looked at for what they will cost.
    """
    return await figures_of(transport, await read_workforce(transport, lease), looks)


async def figures_of(transport: Asynchronous, workforce: Workforce, looks: int = MOST_LOOKED_AT) -> Figures:
    """The same, where it is known who works."""
    calls = MeasureCalls(Keys())
    paces = await read_paces(transport, workforce.snapshot)
    places = [_end_of(lane.name, workforce) for lane in workforce.lanes]
    ahead = await read_ahead(transport, calls, paces, places, looks)
    done = await _read_done(transport, paces, workforce)
    priorities = await read_priorities(transport, calls, places, workforce.snapshot.now)
    lanes = [
        _of_lane(lane, before, workforce, by_priority, done)
        for lane, before, by_priority in zip(workforce.lanes, ahead, priorities, strict=True)
    ]
    return Figures(workforce, lanes, *await _read_beside(transport, calls, workforce.snapshot.now))


def _end_of(lane: str, workforce: Workforce) -> Place:
    parts = workforce.snapshot.parts_of(lane) if lane in workforce.snapshot.lanes else [lane]
    return Place(lane, parts, running=crew_of(workforce, lane).running)


def _of_lane(
    lane: LaneView, ahead: Ahead, workforce: Workforce, priorities: Priorities, done: dict[str, float] | None
) -> LaneFigures:
    crew, facts = crew_of(workforce, lane.name), workforce.snapshot.lanes.get(lane.name, {})
    load = load_of(ahead, crew)
    empty = not ahead.jobs and not crew.running
    stands = lane.paused or lane.resting is not None or empty
    held = [
        job.age for worker in workforce.workers for slot in worker.slots for job in slot.jobs if job.lane == lane.name
    ]
    return LaneFigures(
        name=lane.name,
        ready=lane.ready,
        by_priority=priorities.counts,
        oldest=priorities.oldest,
        runs=round(ahead.runs, 1),
        work=0.0 if empty else _work(ahead, crew.running),
        leased=lane.running,
        oldest_lease=max(held, default=None),
        paused=lane.paused,
        resting=lane.resting,
        slots=crew.slots,
        busy=crew.busy,
        most=int(facts["most"]) if "most" in facts else None,
        pace=None if done is None else done.get(lane.name, 0.0),
        drains=None if stands or load is None else until_empty(load),
        basis="" if empty else basis_of(ahead, crew, "ready"),
    )


def _work(ahead: Ahead, running: Sequence[str]) -> float | None:
    """What runs now has, on average, half of its time before it."""
    return None if ahead.spread is None else round((ahead.runs + len(running) / 2) * ahead.spread.mean, 3)


async def _read_done(transport: Asynchronous, paces: Paces, workforce: Workforce) -> dict[str, float] | None:
    """Jobs done a second, lately, by the lane that the pipelines name which workers know; None: that was not measured."""
    if not paces.window:
        return None
    lately = {series: runs for series in paces.series if (runs := paces.lately(*series))}
    served = {pipeline for worker in workforce.present for pipeline in worker.serves}
    pipelines = sorted(pipeline for pipeline in served if pipeline.partition("@")[0] in {name for name, _ in lately})
    plans = await transport.send_all([DocumentCalls(Keys()).plan(pipeline) for pipeline in pipelines])
    graphs = {id.partition("@")[0]: Graph(plan) for id, plan in zip(pipelines, plans, strict=True)}
    done: dict[str, float] = {}
    for (pipeline, step), runs in lately.items():
        lane = graphs[pipeline].lane(step) if pipeline in graphs else ""
        done[lane] = done.get(lane, 0.0) + runs.count / paces.window
    return done


async def _read_beside(
    transport: Asynchronous, calls: MeasureCalls, now: float
) -> tuple[dict[str, int], dict[str, int], float]:
    """Documents by status; entries held, by kind; and for how long a lease has been over."""
    states = list(DocumentState)
    *counted, first, reasons = await transport.send_all(
        [*(calls.count(f"by:{state}") for state in states), calls.at("leases", 0), calls.some_reasons(MOST_REASONS)]
    )
    waiting = await transport.send_all([calls.count(f"held:{reason}") for reason in reasons])
    held: dict[str, int] = {}
    for reason, count in zip(reasons, waiting, strict=True):
        kind = reason.partition(":")[0]
        held[kind] = held.get(kind, 0) + count
    ends = [score / 1000 for _, score in first]
    return dict(zip(states, counted, strict=True)), held, max(0.0, *(now - end for end in ends), 0.0)
