"""`/v1/lanes`: what waits in each lane, and what bounds it."""

from typing import Annotated, Any

import msgspec
from fastapi import APIRouter, Depends, Path, Request, Response

from api.bodies import json_in
from api.known import KnownRoute
from api.openapi import PROBLEM, answer, json_body
from api.parts import TheMill, as_json
from api.problems import Problem
from api.wire.lanes import Bounds, Lane, LaneBounds, LaneList
from orchestrator.client import Mill
from orchestrator.errors import UsageError
from orchestrator.lanes import known_lane
from orchestrator.outlook.lanes import read_lanes
from orchestrator.outlook.views import LaneOutlook


async def _lane(lane: Annotated[str, Path(description="A lane's name.")]) -> str:
    try:
        return known_lane(lane).name
    except UsageError as problem:
        raise Problem("unknown-lane", str(problem)) from None


LaneName = Annotated[str, Depends(_lane)]
LANE: dict[int | str, dict[str, Any]] = {200: answer("Lane", "The lane, as it is now.")}

router = APIRouter(prefix="/v1/lanes", tags=["operation"], responses=PROBLEM, route_class=KnownRoute)


@router.get("", responses={200: answer("LaneList", "The lanes.")})
async def index(mill: TheMill) -> Response:
    """The lanes: what is ready in each by priority, held, delayed, running; until about when it is through with that."""
    return as_json(LaneList(await _read(mill)))


@router.get("/{lane}", responses=LANE)
async def read(lane: LaneName, mill: TheMill) -> Response:
    """One lane."""
    return await _told(mill, lane)


@router.patch("/{lane}", responses=LANE, openapi_extra=json_body(LaneBounds))
async def bound(lane: LaneName, request: Request, mill: TheMill) -> Response:
    """Bound a lane, for all workers together; what runs or waits is not touched."""
    wanted = await json_in(request, LaneBounds)
    given = {name: getattr(wanted, name) or 0 for name in wanted.model_fields_set}
    if given:
        await mill.bound_lane(lane, **given)
    return await _told(mill, lane)


@router.post("/{lane}/pause", responses=LANE)
async def pause(lane: LaneName, mill: TheMill) -> Response:
    """Give out no more of its jobs; what runs is not touched, and nothing is lost."""
    await mill.pause("lane", lane)
    return await _told(mill, lane)


@router.post("/{lane}/resume", responses=LANE)
async def resume(lane: LaneName, mill: TheMill) -> Response:
    """Give out its jobs again, each at its own place."""
    await mill.resume("lane", lane)
    return await _told(mill, lane)


async def _told(mill: Mill, lane: str) -> Response:
    found = {one.name: one for one in await _read(mill)}
    return as_json(found.get(lane) or _with_bounds(_unused(lane), await mill.bounds(lane)))


async def _read(mill: Mill) -> list[Lane]:
    outlooks = await read_lanes(mill.transport, mill.settings.lease)
    facts = await mill.transport.send_all([mill.calls.lane(one.name) for one in outlooks])
    names = Bounds.__struct_fields__
    bounds = [{name: float(told[name]) for name in names if name in told} for told in facts]
    return [_with_bounds(*pair) for pair in zip(outlooks, bounds, strict=True)]


def _with_bounds(outlook: LaneOutlook, told: dict[str, float]) -> Lane:
    counts = {name: int(told[name]) for name in ("burst", "most") if name in told}
    return Lane(**msgspec.structs.asdict(outlook), bounds=Bounds(told.get("rate"), **counts))


def _unused(lane: str) -> LaneOutlook:
    """One that never held a job, and that nobody serves."""
    empty = dict.fromkeys(("ready", "runs", "held", "delayed", "leased", "slots", "busy"), 0)
    counts = {"by_priority": [0] * 10, "oldest": [None] * 10}
    told = {"name": lane, "basis": "", "paused": False, "at_least": False, **counts, **empty}
    return msgspec.convert({**dict.fromkeys(LaneOutlook.__struct_fields__), **told}, LaneOutlook)
