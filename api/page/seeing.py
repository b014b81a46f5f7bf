"""What of an overview somebody sees: what is another tenant's is counted there, and never named. Pure."""

from msgspec.structs import replace

from api.page.viewer import Viewer
from orchestrator.outlook.dead_letters import DeadLetters
from orchestrator.overview.figures import Flight, Flights, LaneState, Wait
from orchestrator.overview.views import Overview, Own, Verdict
from orchestrator.overview.wording import many
from orchestrator.worker_views import SlotJob, WorkerView

NOTHING = DeadLetters(0, [], [])


def seen_by(viewer: Viewer, overview: Overview, own: Own | None) -> Overview:
    """The same, as far as it is theirs to see.

    Args:
        own: what their tenant has; None where they see every tenant's, or no documents at all.
    """
    seen = overview
    if viewer.tenant is not None or not viewer.reads:
        counts, recent, dead = (own.counts, own.recent, own.dead) if own and viewer.reads else ({}, [], NOTHING)
        seen = replace(
            seen,
            counts=counts,
            recent=recent,
            dead=dead,
            flights=Flights(seen.flights.total, [_flight(row, viewer) for row in seen.flights.rows]),
            lanes=[_lane(lane) for lane in seen.lanes],
            workers=[_worker(worker) for worker in seen.workers],
        )
    if viewer.watches:
        return seen
    flights = Flights(0, [row for row in seen.flights.rows if row.document])
    return replace(seen, verdict=_of_own(own), flights=flights, lanes=[], workers=[], costs=[])


def _flight(row: Flight, viewer: Viewer) -> Flight:
    return row if viewer.sees(row.tenant) else replace(row, document="", tenant="")


def _lane(lane: LaneState) -> LaneState:
    return replace(lane, oldest=[wait and Wait(wait.seconds, "", wait.step) for wait in lane.oldest])


def _worker(worker: WorkerView) -> WorkerView:
    return replace(worker, slots=[replace(slot, jobs=[_job(job) for job in slot.jobs]) for slot in worker.slots])


def _job(job: SlotJob) -> SlotJob:
    return replace(job, job="", document="")


def _of_own(own: Own | None) -> Verdict:
    """How it stands with a tenant's own documents."""
    if own is None or not sum(own.counts.values()):
        return Verdict("ok", "EMPTY", "no document of yours is among the newest", "find")
    running, queued = own.counts.get("running", 0), own.counts.get("queued", 0)
    failed = own.counts.get("failed", 0)
    told = f"{many(running, 'document')} of yours run, {queued:,} wait, {failed:,} failed"
    level = "warn" if failed else "ok"
    return Verdict(level, "YOURS", f"{told}, of the newest {own.looked} of all", "dead" if failed else "find")
