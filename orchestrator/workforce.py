"""Who works at what: workers, slots, their jobs and the lanes, read in six round trips at most, however many they are."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from orchestrator.calls import DocumentCalls
from orchestrator.connection import Asynchronous
from orchestrator.keys import Keys
from orchestrator.lanes import overrides as lanes_of
from orchestrator.snapshot import Snapshot, read_snapshot
from orchestrator.worker_records import slot_names, view_slot, view_worker
from orchestrator.worker_views import LaneView, SlotJob, WorkerView

SILENT = 5.0
"""Seconds: a worker renews each second, so one that has not for so long is in trouble, though its leases still hold."""


@dataclass(frozen=True)
class Workforce:
    """What there is at one moment.

    Args:
        workers: those heard of in the last hour, the ended and the silent ones too.
        lanes: that ever held a job, or that a worker serves, by name.
        snapshot: the counters of the same moment.
    """

    workers: list[WorkerView]
    lanes: list[LaneView]
    snapshot: Snapshot

    @property
    def present(self) -> list[WorkerView]:
        """The workers that have not ended."""
        return [worker for worker in self.workers if worker.state != "ended"]


@dataclass(frozen=True)
class _Waiting:
    """The job that a lane, or a part of it, gives next."""

    lane: str
    document: str
    step: str


@dataclass(frozen=True)
class _Known:
    """What is known of the documents and pipelines of the jobs that were met."""

    pipelines: Mapping[str, str]
    """document -> pipeline."""
    overrides: Mapping[str, Mapping[str, str]]
    """document -> step -> lane."""
    plans: Mapping[str, Mapping[str, str]]

    def of(self, document: str, step: str, field: str) -> str | None:
        """What the plan says of a document's step: its `lane`, its `hard` limit."""
        return self.plans.get(self.pipelines.get(document, ""), {}).get(f"{field}:{step}")

    def complete(self, job: SlotJob) -> None:
        """Write its limit and its lane into a job."""
        step = job.step.partition("[")[0]
        hard = int(self.of(job.document, step, "hard") or 0)
        job.limit = hard / 1000 or None
        override = self.overrides.get(job.document, {}).get(step)
        job.lane = override or self.of(job.document, step, "lane") or ""


async def read_workforce(transport: Asynchronous, lease: float) -> Workforce:
    """Read it.

    Args:
        lease: seconds that a worker may be silent before its leases end.
    """
    calls = DocumentCalls(Keys())
    snapshot = await read_snapshot(transport, lease)
    workers, waiting = await _read_slots(transport, calls, snapshot, min(lease, SILENT))
    jobs = [job for worker in workers for slot in worker.slots for job in slot.jobs]
    documents = sorted({job.document for job in jobs})
    known, ready = await _read_documents(transport, calls, documents, waiting)
    for job in jobs:
        known.complete(job)
    return Workforce(workers, _view_lanes(snapshot, workers, jobs, waiting, ready), snapshot)


async def _read_slots(
    transport: Asynchronous, calls: DocumentCalls, snapshot: Snapshot, silent: float
) -> tuple[list[WorkerView], list[_Waiting]]:
    """The workers with their slots, and what the lanes give next."""
    names = {worker: slot_names(worker, record) for worker, record in snapshot.workers.items()}
    parts = [(lane, part) for lane in snapshot.lanes for part in snapshot.parts_of(lane)]
    flat = [name for of_worker in names.values() for name in of_worker]
    found = await transport.send_all([*map(calls.slot, flat), *(calls.next_in(part) for _, part in parts)])
    own = dict(zip(flat, found, strict=False))
    workers = [
        view_worker(
            worker, record, [view_slot(n, record, own[n], snapshot.now) for n in names[worker]], snapshot.now, silent
        )
        for worker, record in snapshot.workers.items()
    ]
    heads = zip(parts, found[len(flat) :], strict=True)
    return workers, [_waiting(lane, job) for (lane, _), head in heads for job in head]


async def _read_documents(
    transport: Asynchronous, calls: DocumentCalls, documents: Sequence[str], waiting: Sequence[_Waiting]
) -> tuple[_Known, list[float | None]]:
    """What the jobs' documents and pipelines say, and since when (server's clock, seconds) each head waits."""
    heads = [calls.fields(document, ["pipeline", "lanes"]) for document in documents]
    times = [calls.fields(one.document, [f"{one.step}.ready"]) for one in waiting]
    found = await transport.send_all([*heads, *times])
    told = {
        document: [(value or b"").decode() for value in values]
        for document, values in zip(documents, found, strict=False)
    }
    pipelines = sorted({pipeline for pipeline, _ in told.values()} - {""})
    plans = await transport.send_all([calls.plan(pipeline) for pipeline in pipelines])
    overrides = {document: lanes_of(lanes) for document, (_, lanes) in told.items()}
    by_document = {document: pipeline for document, (pipeline, _) in told.items()}
    known = _Known(by_document, overrides, dict(zip(pipelines, plans, strict=True)))
    return known, [int(value) / 1000 if value else None for (value,) in found[len(documents) :]]


def _view_lanes(
    snapshot: Snapshot,
    workers: Iterable[WorkerView],
    jobs: Sequence[SlotJob],
    waiting: Sequence[_Waiting],
    ready: Sequence[float | None],
) -> list[LaneView]:
    served = {lane for worker in workers if worker.state == "alive" for lane in worker.lanes}
    views: list[LaneView] = []
    for name in sorted(served | set(snapshot.ready)):
        facts = snapshot.lanes.get(name, {})
        since = [when for one, when in zip(waiting, ready, strict=True) if one.lane == name and when is not None]
        rests = int(facts.get("resting", 0)) / 1000 - snapshot.now
        views.append(
            LaneView(
                name,
                snapshot.ready.get(name, 0),
                sum(job.lane == name for job in jobs),
                name in served,
                "paused" in facts,
                rests if rests > 0 else None,
                max(0.0, snapshot.now - min(since)) if since else None,
            )
        )
    return views


def _waiting(lane: str, job: str) -> _Waiting:
    document, _, step = job.partition("/")
    return _Waiting(lane, document, step.partition("[")[0])
