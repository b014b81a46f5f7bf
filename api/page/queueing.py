"""What waits in a lane, in order: the first of it, and how many there are."""

import msgspec

from api.page.viewer import Viewer
from orchestrator.calls import DocumentCalls, MeasureCalls
from orchestrator.connection import Asynchronous
from orchestrator.keys import Keys
from orchestrator.outlook.meeting import PRIORITY_WIDTH, id_of, step_of

MOST = 50


class Waiting(msgspec.Struct):
    """A job that is ready.

    Args:
        document: empty where it is another tenant's.
        step: with its item, of a fan-out that hands out single ones.
        since: when it was ready, seconds of the epoch; None where it has just been taken.
        part: the class of the lane that it waits in; empty is none.
    """

    document: str
    step: str
    priority: int
    since: float | None
    part: str


class Queue(msgspec.Struct):
    """The first of a lane; `total` is all of it."""

    lane: str
    now: float
    total: int
    rows: list[Waiting]


async def read_queue(transport: Asynchronous, lane: str, viewer: Viewer) -> Queue:
    """Read it: in three round trips, whatever the backlog."""
    documents, measures = DocumentCalls(Keys()), MeasureCalls(Keys())
    facts, now = await transport.send_all([documents.lane(lane), documents.time()])
    parts = [lane, *(f"{lane}:{name}" for name in facts.get("classes", "").split())]
    heads = [measures.head(f"ready:{part}", MOST) for part in parts]
    found = await transport.send_all([*heads, *(documents.depth(part) for part in parts)])
    jobs = sorted((score, job, part) for part, head in zip(parts, found, strict=False) for job, score in head)[:MOST]
    asked = [documents.fields(id_of(job), ["tenant", f"{step_of(job)}.ready"]) for _, job, _ in jobs]
    told = await transport.send_all(asked)
    rows: list[Waiting] = []
    for (score, job, part), (tenant, ready) in zip(jobs, told, strict=True):
        document, since = id_of(job), int(ready) / 1000 if ready else None
        named = document if viewer.sees((tenant or b"").decode()) else ""
        priority = 9 - int(score // PRIORITY_WIDTH)
        rows.append(Waiting(named, job.partition("/")[2], priority, since, part.partition(":")[2]))
    return Queue(lane, now, sum(found[len(parts) :]), rows)
