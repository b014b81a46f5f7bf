"""One document, step by step and item by item: when each waited, and when it ran; without what is in it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from orchestrator.calls import DocumentCalls
from orchestrator.calls.overview import OverviewCalls
from orchestrator.errors import NotFound
from orchestrator.ids import checked_id, unknown_since
from orchestrator.keys import Keys, shard_of
from orchestrator.outlook.graphs import Graph
from orchestrator.reading import Reading
from orchestrator.reasons import explain
from orchestrator.views import Document, Run, view_document


@dataclass(frozen=True)
class ItemRun:
    """A run of an item; times are seconds of the epoch.

    Args:
        ended: None of one that still runs, or that was not told of.
        word: done, leased, failed, or `again`: it is to run again.
    """

    index: int
    started: float
    ended: float | None
    deliveries: int
    word: str


@dataclass
class Fan:
    """A fan-out: what is known of its items."""

    ran: list[ItemRun] = field(default_factory=list[ItemRun])
    """Those that are done, in that order."""
    others: list[ItemRun] = field(default_factory=list[ItemRun])
    """Those that run, failed, or were tried before."""
    errors: dict[int, str] = field(default_factory=dict[int, str])


@dataclass(frozen=True)
class Trace:
    """A document at one moment.

    Args:
        now: the server's clock, seconds.
        head: the fields of its state.
    """

    document: Document
    graph: Graph
    now: float
    fans: Mapping[str, Fan]
    head: Mapping[str, str]


class Tracing:
    """Reads one document again and again; of items that are done only what is new.

    Raises:
        UsageError: that is no document's id.
    """

    def __init__(self, mill: Reading, document: str) -> None:
        self._mill, self._document = mill, checked_id(document)
        keys = Keys(shard_of(document))
        self._calls, self._more = DocumentCalls(keys), OverviewCalls(keys)
        self._graph: Graph | None = None
        self._ran: dict[str, list[ItemRun]] = {}

    async def look(self) -> Trace:
        """How it stands.

        Raises:
            NotFound: no such document, or it was purged.
        """
        transport, calls = self._mill.transport, self._calls
        asked = [calls.time(), calls.head(self._document), calls.log(self._document)]
        now, head, log = await transport.send_all(asked)
        if not head:
            raise NotFound(f"there is no document {self._document}: {unknown_since(self._document)}")
        if self._graph is None:
            self._graph = Graph(await transport.send(calls.plan(head["pipeline"])))
        fans, done = await self._read_fans([step for step in self._graph.steps if self._graph.over(step)])
        view = view_document(self._document, head, {**self._graph.plan}, {}, done, log)
        if not view.is_final:
            ready = {step.lane for step in view.steps if step.state == "ready"}
            explain(view, await self._mill.serving(ready))
        return Trace(view, self._graph, now, fans, head)

    async def _read_fans(self, steps: list[str]) -> tuple[dict[str, Fan], dict[str, int]]:
        counts = await self._mill.transport.send_all([self._calls.items_done(self._document, step) for step in steps])
        for step, count in zip(steps, counts, strict=True):
            if count < len(self._ran.get(step, ())):
                self._ran[step] = []  # it was begun anew
        new = [self._more.ran(self._document, step, len(self._ran.get(step, ()))) for step in steps]
        records = [self._more.items(self._document, step) for step in steps]
        found = await self._mill.transport.send_all([*new, *records])
        fans: dict[str, Fan] = {}
        for step, lines, told in zip(steps, found, found[len(steps) :], strict=False):
            self._ran[step] = [*self._ran.get(step, ()), *map(_done, lines)]
            fans[step] = Fan(self._ran[step], _others(told), _errors(told))
        return fans, dict(zip(steps, counts, strict=True))


def _done(line: str) -> ItemRun:
    index, started, took, deliveries = (int(word) for word in line.split())
    return ItemRun(index, started / 1000, (started + took) / 1000, deliveries, "done")


def _others(told: Mapping[str, str]) -> list[ItemRun]:
    return [run for field, text in told.items() if field.isdigit() and (run := _other(int(field), text))]


def _other(index: int, text: str) -> ItemRun | None:
    """A record: its run, and last its state."""
    rest, _, state = text.rpartition(" ")
    run = Run.parse(rest)
    word = state if state in {"leased", "failed"} else "again"
    return ItemRun(index, int(run.started or 0) / 1000, None, run.deliveries, word) if run.started else None


def _errors(told: Mapping[str, str]) -> dict[int, str]:
    return {int(field.partition(".")[0]): text for field, text in told.items() if field.endswith(".error")}
