"""A server, its slots, and what we know of all that was ever asked of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from orchestrator.calls import Call, Leased
from orchestrator.calls.batches import BatchCalls
from orchestrator.graph import Pipeline
from orchestrator.keys import Keys
from orchestrator.states import DocumentState, JobState
from tests.properties.ledger import Ledger
from tests.properties.pipelines import Shape, define
from tests.properties.slot import Slot
from tests.properties.story import Story
from tests.support.engine import Engine, Hand
from tests.support.flows import tallied
from tests.support.server import Server
from worker.testing.clock import Clock

T = TypeVar("T")
SLOTS = 4


@dataclass
class Submitted:
    """One document, as it was asked for."""

    pipeline: Pipeline
    tenant: str
    given: dict[str, Any]
    batch: str = ""
    unwanted: tuple[str, ...] = ()
    cancelled: bool = False


@dataclass
class Known:
    """What was asked for."""

    documents: dict[str, Submitted] = field(default_factory=dict[str, Submitted])
    batches: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    """Batch -> its members."""
    purged: set[str] = field(default_factory=set[str])
    names: dict[tuple[str, str], str] = field(default_factory=dict[tuple[str, str], str])
    """(tenant, unique name) -> who had it last."""
    keys: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict[tuple[str, str], tuple[str, str]])
    """(tenant, idempotency key) -> its document, and the digest."""


class World:
    """All of it; `call` is the one way to the server."""

    def __init__(self, server: Server, shapes: Sequence[Shape]) -> None:
        server.empty()
        self.pipelines = [define(f"p{number}", shape) for number, shape in enumerate(shapes)]
        self.engine = Engine(server, *self.pipelines, tallied)
        self.redis, self.keys = server.redis, self.engine.keys
        self.batch_calls = BatchCalls(Keys())
        self.clock = Clock(self.engine.transport)
        self.story, self.ledger, self.known = Story(self.engine), Ledger(), Known()
        self.marked: set[str] = set()
        """By a purge that is to drop them."""
        self.ghosts: list[tuple[Hand, Leased]] = []
        """Processes that were given up for dead, and what they hold."""
        self.most: dict[str, int] = {}
        """Lane -> how many may wait in it."""
        self.paused: set[tuple[str, str]] = set()
        self.slots = [Slot(self, f"w/{number}") for number in range(SLOTS)]

    def call(self, call: Call[T], again: bool = False, repeated: Any = None) -> T:
        """Send it, perhaps twice; then read what happened.

        Args:
            repeated: what the second answer must be, where that is not the first one.
        """
        answer = self.engine.transport.send(call)
        if again:
            second = self.engine.transport.send(call)
            assert second == (answer if repeated is None else repeated), (answer, second)
        self.look()
        return answer

    def look(self) -> None:
        """Read the story on, and count who is under way."""
        self.story.read()
        for pipeline in self.pipelines:
            if pipeline.max_started is not None:
                assert self._started(pipeline) <= pipeline.max_started, f"too many of {pipeline.name} are under way"

    def _started(self, pipeline: Pipeline) -> int:
        """How many of its documents are under way."""
        documents = self.known.documents
        running = [name for name, state in self.story.documents.items() if state is DocumentState.RUNNING]
        return sum(documents[name].pipeline is pipeline for name in running if name in documents)

    def is_current(self, job: Leased) -> bool:
        """Whether that lease is the job's now."""
        leased = self.story.job(job.job) is JobState.LEASED and not self.story.is_final(job.document)
        return leased and self.ledger.tokens.get(job.job) == int(job.token)

    def verdict(self, job: Leased, good: str) -> str:
        """What a slot must be told of a job that it ends."""
        if job.document in self.known.purged:
            return "gone"
        if self.story.is_final(job.document):
            return "ended"
        return good if self.is_current(job) else "stale"

    def pipeline_of(self, document: str) -> Pipeline:
        """Also of those that no one submitted."""
        if document in self.known.documents:
            return self.known.documents[document].pipeline
        return self.engine.pipelines[self.engine.head(document)["pipeline"]]

    def lane_of(self, document: str, step: str) -> str:
        """Where its jobs of a step wait."""
        return self.pipeline_of(document).calls[step].step.lane

    def limit_of(self, document: str, step: str) -> tuple[str, int] | None:
        """The limit that a step's jobs hold, and how many may."""
        limit = self.pipeline_of(document).calls[step].step.concurrency
        if limit is None:
            return None
        who = self.known.documents[document]
        word = {None: "", "tenant": f":{who.tenant}"}.get(limit.by, f":{who.given.get(limit.by or '')}")
        return f"{step}{word}", limit.most

    def batch(self, batch: str) -> dict[str, str]:
        """What the server knows of a batch."""
        return self.engine.transport.send(self.batch_calls.head(batch))

    def is_forgotten(self, document: str) -> bool:
        """Whether its outputs were dropped as it succeeded."""
        return not self.redis.exists(self.keys.data(document))

    def live(self) -> list[str]:
        """Documents that have not ended, also those that no one submitted."""
        return [name for name in self.story.documents if not self.story.is_final(name)]
