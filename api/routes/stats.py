"""`/v1/stats`: how it goes, in figures; for people's scripts, and for whatever starts and ends workers."""

from collections import Counter
from typing import Any

from fastapi import APIRouter, Response

from api.known import KnownRoute
from api.openapi import PROBLEM, answer
from api.parts import TheMill, as_json
from api.wire.stats import Stats
from orchestrator.outlook.figures import Figures, read_figures
from orchestrator.views import iso

STATS: dict[int | str, dict[str, Any]] = {200: answer("Stats", "The figures.")}

router = APIRouter(prefix="/v1/stats", tags=["stats"], responses=PROBLEM, route_class=KnownRoute)


@router.get("", responses=STATS)
async def read(mill: TheMill) -> Response:
    """Lanes with what waits in them, in entries and in seconds of work; workers, slots, documents: as `/metrics` has them."""
    return as_json(_stats(await read_figures(mill.transport, mill.settings.lease)))


def _stats(figures: Figures) -> Stats:
    found = figures.workforce
    slots = [slot for worker in found.workers if worker.state == "alive" for slot in worker.slots]
    return Stats(
        at=iso(str(int(found.snapshot.now * 1000))) or "",
        lanes=figures.lanes,
        workers=dict(Counter(worker.state for worker in found.workers)),
        slots=len(slots),
        busy=sum(bool(slot.jobs) for slot in slots),
        leased=found.snapshot.leases,
        delayed=found.snapshot.delayed,
        held=dict(figures.held),
        documents=dict(figures.documents),
    )
