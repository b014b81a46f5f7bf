"""What is known of the jobs that a reader comes upon: their documents, pipelines, and the items that are left of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from orchestrator.calls import DocumentCalls, MeasureCalls
from orchestrator.connection import Asynchronous
from orchestrator.keys import Keys
from orchestrator.outlook.graphs import Graph

PRIORITY_WIDTH = 2.0**42
"""Places inside one priority, as `lua/lib/lane.lua` has it."""


@dataclass(frozen=True)
class Met:
    """A document, as far as its place goes.

    Args:
        lanes: `step=lane …`, overrides.
        score: of its plain jobs in their lanes.
    """

    pipeline: str
    lanes: str
    score: float


class Meeting:
    """Reads each of them once."""

    def __init__(self, transport: Asynchronous, calls: MeasureCalls) -> None:
        self._transport, self._calls, self._documents = transport, calls, DocumentCalls(Keys())
        self._met: dict[str, Met] = {}
        self._graphs: dict[str, Graph] = {}
        self._left: dict[str, int] = {}

    async def meet(self, jobs: Sequence[str]) -> None:
        """Read what there is of them, in three round trips at most."""
        plain = sorted({job for job in jobs if not job.endswith("]")})
        ids = sorted({id_of(job) for job in jobs} - set(self._met))
        heads = [self._documents.fields(id, ["pipeline", "lanes", "priority", "place"]) for id in ids]
        fans = [self._calls.fan(id_of(job), step_of(job)) for job in plain]
        found = await self._transport.send_all([*heads, *fans])
        for id, values in zip(ids, found, strict=False):
            if met := _met(values):
                self._met[id] = met
        await self._count_items(zip(plain, found[len(ids) :], strict=True))
        await self._read_graphs()

    def document_of(self, job: str) -> Met | None:
        """Its document; None where it is gone."""
        return self._met.get(id_of(job))

    def graph_of(self, job: str) -> Graph | None:
        """Its pipeline."""
        met = self.document_of(job)
        return self._graphs.get(met.pipeline) if met else None

    def left_of(self, job: str) -> int | None:
        """Of a fan-out's entry, the items not handed out yet; None where it is none."""
        return self._left.get(job)

    def lane_of(self, job: str) -> str:
        """Its lane; empty where that is not known any more."""
        met, graph = self.document_of(job), self.graph_of(job)
        return graph.lane(step_of(job), met.lanes) if met and graph else ""

    async def _count_items(self, fans: Iterable[tuple[str, Sequence[bytes | None]]]) -> None:
        by_bit: list[tuple[str, int]] = []
        for job, (size, cursor, over, reopened) in fans:
            if size is None:
                continue
            if over is not None or reopened is not None:
                by_bit.append((job, int(size)))
            else:
                self._left[job] = max(1, int(size) - int(cursor or 0))
        handed = await self._transport.send_all([self._calls.handed(id_of(job), step_of(job)) for job, _ in by_bit])
        for (job, size), count in zip(by_bit, handed, strict=True):
            self._left[job] = max(1, size - max(0, count - 1))

    async def _read_graphs(self) -> None:
        pipelines = sorted({met.pipeline for met in self._met.values()} - set(self._graphs))
        plans = await self._transport.send_all([self._documents.plan(pipeline) for pipeline in pipelines])
        self._graphs |= {pipeline: Graph(plan) for pipeline, plan in zip(pipelines, plans, strict=True)}


def id_of(job: str) -> str:
    """The document of `<document>/<step>` or `<document>/<step>[i]`."""
    return job.partition("/")[0]


def step_of(job: str) -> str:
    """The step of it."""
    return job.partition("/")[2].partition("[")[0]


def _met(values: Sequence[bytes | None]) -> Met | None:
    pipeline, lanes, priority, place = ((value or b"").decode() for value in values)
    if not pipeline:
        return None
    return Met(pipeline, lanes, score_of(int(priority or 5), float(place or 0)))


def score_of(priority: int, place: float) -> float:
    """Where a document's plain jobs stand, as `lua/lib/lane.lua` has it."""
    return (9 - priority) * PRIORITY_WIDTH + place
