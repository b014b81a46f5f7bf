"""`/v1/schedules`: what is submitted again and again."""

from fastapi import APIRouter, Request, Response

from api.bodies import json_in
from api.known import KnownRoute
from api.openapi import PROBLEM, answer, json_body
from api.parts import TheAccess, TheMill, as_json
from api.priorities import priority_for
from api.problems import Problem, missing_as, pointer
from api.schemas import Accepted, Fault, Links
from api.wire.schedules import NewSchedule, ScheduleList, ScheduleOut, ScheduleTerms
from orchestrator.access import Access
from orchestrator.client import Mill
from orchestrator.errors import NotFound
from orchestrator.schedules import Schedule, Scheduled
from orchestrator.schedules.definition import NAME
from orchestrator.states import DocumentState

UNKNOWN = "unknown-schedule"

router = APIRouter(prefix="/v1/schedules", tags=["schedules"], responses=PROBLEM, route_class=KnownRoute)


@router.get("", responses={200: answer("ScheduleList", "The schedules.")})
async def index(mill: TheMill, access: TheAccess) -> Response:
    """All schedules, the one that is due first first."""
    return as_json(ScheduleList([kept for kept in await mill.schedules() if access.sees(kept.schedule.tenant)]))


@router.post(
    "",
    status_code=201,
    responses={201: answer("ScheduleOut", "Added."), 200: answer("ScheduleOut", "It was there before.")},
    openapi_extra=json_body(NewSchedule),
)
async def add(request: Request, mill: TheMill, access: TheAccess) -> Response:
    """Submit a pipeline again and again; the same schedule again changes nothing."""
    wanted = await json_in(request, NewSchedule)
    word = await _keep(mill, access, wanted.name, wanted, replace=False)
    told = await _told(mill, wanted.name)
    here = f"{router.prefix}/{wanted.name}"
    return as_json(told) if word == "same" else as_json(told, 201, Location=here)


@router.put(
    "/{name}",
    responses={200: answer("ScheduleOut", "Kept."), 201: answer("ScheduleOut", "Added.")},
    openapi_extra=json_body(ScheduleTerms),
)
async def put(name: str, request: Request, mill: TheMill, access: TheAccess) -> Response:
    """Keep a schedule, in the place of another of its name where there is one."""
    wanted = await json_in(request, ScheduleTerms)
    word = await _keep(mill, access, name, wanted, replace=True)
    return as_json(await _told(mill, name), 201 if word == "added" else 200)


@router.get("/{name}", responses={200: answer("ScheduleOut", "The schedule.")})
async def read(name: str, mill: TheMill, access: TheAccess) -> Response:
    """One schedule, when it is due next, and what became of its last ticks."""
    await _seen(mill, access, name)
    return as_json(await _told(mill, name))


@router.delete("/{name}", status_code=204, response_class=Response)
async def remove(name: str, mill: TheMill, access: TheAccess) -> Response:
    """Submit it no more, and forget it; its documents stay."""
    await _seen(mill, access, name)
    with missing_as(UNKNOWN):
        await mill.remove_schedule(name)
    return Response(status_code=204)


@router.post("/{name}/pause", responses={200: answer("ScheduleOut", "Paused.")})
async def pause(name: str, mill: TheMill, access: TheAccess) -> Response:
    """Submit nothing until it is resumed."""
    await _seen(mill, access, name)
    with missing_as(UNKNOWN):
        await mill.pause_schedule(name)
    return as_json(await _told(mill, name))


@router.post("/{name}/resume", responses={200: answer("ScheduleOut", "Resumed.")})
async def resume(name: str, mill: TheMill, access: TheAccess) -> Response:
    """Go on with its next tick; those of the pause are not made up for."""
    await _seen(mill, access, name)
    with missing_as(UNKNOWN):
        await mill.resume_schedule(name)
    return as_json(await _told(mill, name))


@router.post("/{name}/run", status_code=202, responses={202: answer("Accepted", "Its document.")})
async def run(name: str, mill: TheMill, access: TheAccess) -> Response:
    """Submit its document now, besides its ticks; also where it is paused."""
    await _seen(mill, access, name)
    with missing_as(UNKNOWN):
        document = await mill.run_schedule(name)
    here = f"/v1/documents/{document}"
    links = Links(here, f"{here}?wait=30", f"{here}/result")
    return as_json(Accepted(document, DocumentState.QUEUED, links), 202, Location=here, Retry_After="1")


async def _keep(mill: Mill, access: Access, name: str, wanted: ScheduleTerms, *, replace: bool) -> str:
    terms = wanted.model_dump(exclude={"name", "priority"})
    before = await _find(mill, name)
    _must_know(mill, wanted.pipeline)
    if before is not None and not access.sees(before.schedule.tenant):
        raise Problem("schedule-differs", f"there is another schedule {name!r}: take another name")
    schedule = Schedule(name=name, priority=priority_for(access, wanted.priority), tenant=access.tenant, **terms)
    if before is not None and not replace and before.schedule != schedule:
        raise Problem("schedule-differs", f"there is another schedule {name!r}: PUT replaces it, or take another name")
    return await mill.add_schedule(schedule, replace=replace)


def _must_know(mill: Mill, pipeline: str) -> None:
    try:
        mill.registry.named(pipeline)
    except NotFound as problem:
        raise Problem("unknown-pipeline", str(problem), [Fault(str(problem), pointer("pipeline"))]) from None


async def _find(mill: Mill, name: str) -> Scheduled | None:
    if not NAME.fullmatch(name):  # else it might be a part of another's key
        return None
    try:
        return await mill.schedule(name)
    except NotFound:
        return None


async def _seen(mill: Mill, access: Access, name: str) -> None:
    """Refuse one that is not there, or another tenant's, in the same words."""
    found = await _find(mill, name)
    if found is None or not access.sees(found.schedule.tenant):
        raise Problem(UNKNOWN, f"there is no schedule {name!r}: GET {router.prefix} lists those there are")


async def _told(mill: Mill, name: str) -> ScheduleOut:
    with missing_as(UNKNOWN):
        return ScheduleOut(await mill.schedule(name), [*await mill.schedule_log(name)])
