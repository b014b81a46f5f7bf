"""What each lane has before it, and when it is through with that; read in about fifteen round trips, whatever the backlog."""

from collections import Counter
from collections.abc import Sequence

from orchestrator.calls import DocumentCalls, MeasureCalls
from orchestrator.connection import Asynchronous
from orchestrator.keys import Keys
from orchestrator.outlook.ahead import Ahead, Place, read_ahead
from orchestrator.outlook.estimating import until_empty
from orchestrator.outlook.graphs import Graph
from orchestrator.outlook.looking import basis_of, crew_of, load_of, read_paces
from orchestrator.outlook.meeting import PRIORITY_WIDTH, Meeting
from orchestrator.outlook.paces import Paces
from orchestrator.outlook.standing import DELAYED, HELD
from orchestrator.outlook.views import LaneOutlook
from orchestrator.worker_views import LaneView
from orchestrator.workforce import Workforce, read_workforce

MOST_ELSEWHERE = 200
"""Jobs of one zset that are looked at for their lane: `delayed`, each `held:<reason>`."""
MOST_REASONS = 50
PRIORITIES = range(9, -1, -1)


async def read_lanes(transport: Asynchronous, lease: float) -> list[LaneOutlook]:
    """Every lane that ever held a job, or that a worker serves, by name.

    Args:
        lease: seconds that a worker may be silent before its leases end.
    """
    return await outlook_of(transport, await read_workforce(transport, lease))


async def outlook_of(transport: Asynchronous, workforce: Workforce) -> list[LaneOutlook]:
    """The same, where it is known who works."""
    calls = MeasureCalls(Keys())
    paces = await read_paces(transport, workforce.snapshot)
    places = [_end_of(lane.name, workforce) for lane in workforce.lanes]
    ahead = await read_ahead(transport, calls, paces, places)
    done = await _read_done(transport, paces, workforce)
    elsewhere, at_least = await _read_elsewhere(transport, calls)
    priorities = await _read_priorities(transport, calls, places)
    return [
        _outlook(lane, before, workforce, by_priority, done, elsewhere, at_least)
        for lane, before, by_priority in zip(workforce.lanes, ahead, priorities, strict=True)
    ]


def _end_of(lane: str, workforce: Workforce) -> Place:
    parts = workforce.snapshot.parts_of(lane) if lane in workforce.snapshot.lanes else [lane]
    return Place(lane, parts, running=crew_of(workforce, lane).running)


def _outlook(
    lane: LaneView,
    ahead: Ahead,
    workforce: Workforce,
    by_priority: list[int],
    done: dict[str, float] | None,
    elsewhere: "Counter[tuple[str, str]]",
    at_least: bool,
) -> LaneOutlook:
    crew = crew_of(workforce, lane.name)
    load = load_of(ahead, crew)
    empty = not ahead.jobs and not crew.running
    return LaneOutlook(
        lane.name,
        lane.ready,
        by_priority,
        round(ahead.runs, 1),
        elsewhere[lane.name, HELD],
        elsewhere[lane.name, DELAYED],
        at_least,
        lane.running,
        lane.paused,
        lane.resting,
        crew.slots,
        None if done is None else done.get(lane.name, 0.0),
        None if lane.paused or lane.resting is not None or empty or load is None else until_empty(load),
        "" if empty else basis_of(ahead, crew, "ready"),
    )


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


async def _read_elsewhere(transport: Asynchronous, calls: MeasureCalls) -> "tuple[Counter[tuple[str, str]], bool]":
    """Jobs that are held or delayed, by lane, and whether there are more than were looked at."""
    reasons = await transport.send(calls.reasons())
    zsets = [DELAYED, *(HELD + reason for reason in reasons[:MOST_REASONS])]
    found = await transport.send_all([calls.first(zset, MOST_ELSEWHERE) for zset in zsets])
    meeting = Meeting(transport, calls)
    await meeting.meet([job for jobs in found for job in jobs])
    counted: Counter[tuple[str, str]] = Counter()
    for zset, jobs in zip(zsets, found, strict=True):
        for job in jobs:
            counted[meeting.lane_of(job), DELAYED if zset == DELAYED else HELD] += 1
    return counted, len(reasons) > MOST_REASONS or any(len(jobs) == MOST_ELSEWHERE for jobs in found)


async def _read_priorities(transport: Asynchronous, calls: MeasureCalls, places: Sequence[Place]) -> list[list[int]]:
    """Entries ready, from priority 9 to 0, by lane."""
    asked = [
        calls.within(f"ready:{part}", (9 - priority) * PRIORITY_WIDTH, (10 - priority) * PRIORITY_WIDTH)
        for place in places
        for part in place.parts
        for priority in PRIORITIES
    ]
    found = iter(await transport.send_all(asked))
    rows = [[[next(found) for _ in PRIORITIES] for _ in place.parts] for place in places]
    return [[sum(counts) for counts in zip(*parts, strict=True)] for parts in rows]
