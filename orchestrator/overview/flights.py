"""What is leased, what is to end first on top: those that nobody renews."""

from collections.abc import Sequence

from orchestrator.calls import DocumentCalls
from orchestrator.calls.overview import OverviewCalls
from orchestrator.connection import Asynchronous
from orchestrator.keys import Keys
from orchestrator.outlook.meeting import id_of, step_of
from orchestrator.outlook.spans import span
from orchestrator.overview.figures import Flight, Flights
from orchestrator.views import Run
from orchestrator.worker_views import SlotJob
from orchestrator.workforce import SILENT, Workforce

MOST = 50
"""Leases that are shown."""
LONG = 0.8
"""Of its hard limit: from here on a job's age is worth a look."""

Lease = tuple[str, float]
"""A job, and when its lease ends, seconds."""


async def read_flights(transport: Asynchronous, leases: Sequence[Lease], workforce: Workforce, lease: float) -> Flights:
    """Make rows of leases, in one round trip.

    Args:
        lease: seconds that a renewal is good for.
    """
    held = {job.job: (slot.name, job) for worker in workforce.workers for slot in worker.slots for job in slot.jobs}
    documents, calls = DocumentCalls(Keys()), OverviewCalls(Keys())
    heads = [documents.fields(id_of(job), ["tenant", f"{step_of(job)}.run"]) for job, _ in leases]
    items = {
        job: calls.item(id_of(job), step_of(job), index) for job, _ in leases if (index := _index(job)) is not None
    }
    found = await transport.send_all([*heads, *items.values()])
    runs = dict(zip(items, found[len(leases) :], strict=True))
    now, rows = workforce.snapshot.now, list[Flight]()
    for (job, until), (tenant, run) in zip(leases, found, strict=False):
        last = Run.parse((runs.get(job, run) or b"").decode())
        slot, known = held.get(job, (last.slot, SlotJob(job, id_of(job), job.partition("/")[2], _age(last, now))))
        rows.append(_row(known, slot, last, until - now, lease, (tenant or b"").decode()))
    rows.sort(key=lambda row: (not row.stuck, -row.age))
    return Flights(workforce.snapshot.leases, rows)


def _row(job: SlotJob, slot: str, run: Run, expires: float, lease: float, tenant: str) -> Flight:
    row = Flight(
        job.document,
        job.step,
        job.lane,
        slot,
        run.attempts + 1,
        run.deliveries,
        job.age,
        job.limit,
        expires,
        max(0.0, lease - expires),
        tenant=tenant,
    )
    row.stuck = _stuck(row, min(SILENT, lease))
    return row


def _stuck(row: Flight, silent: float) -> str:
    if row.expires <= 0:
        return "its lease has ended: it goes back to its lane"
    if row.renewed > silent:
        return f"not renewed for {span(row.renewed)}: given back in {span(row.expires)}"
    if row.limit and row.age > LONG * row.limit:
        return f"runs for {span(row.age)} of the {span(row.limit)} that it may"
    return ""


def _index(job: str) -> int | None:
    inside = job.partition("[")[2].removesuffix("]")
    return int(inside) if inside.isdigit() else None


def _age(run: Run, now: float) -> float:
    return max(0.0, now - int(run.started) / 1000) if run.started else 0.0
