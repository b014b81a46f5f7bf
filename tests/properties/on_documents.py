"""What clients do: submit, cancel, retry, reprioritise."""

from dataclasses import dataclass

from orchestrator.calls.once import Once
from orchestrator.graph import Pipeline
from orchestrator.states import DocumentState
from tests.properties.acting import OnDocument, Tenant, pick
from tests.properties.upkeep import full_lane
from tests.properties.world import Submitted, World


@dataclass(frozen=True)
class Submit:
    """A document."""

    pipeline: int
    tenant: Tenant = "acme"
    flag: bool = True
    priority: int = 5
    delay: float = 0.0
    deadline: float | None = None
    unique: str = ""
    key: str = ""
    digest: str = "d"
    again: bool = False

    def do(self, world: World) -> None:
        """Accepted, unless its name is taken, its key used, or a lane full."""
        pipeline = pick(world.pipelines, self.pipeline)
        assert pipeline is not None
        name = f"0-d{len(world.known.documents)}"
        submit(world, pipeline, name, self, expected=self._expected(world, pipeline, name))

    def _expected(self, world: World, pipeline: Pipeline, name: str) -> list[str]:
        known = world.known
        before = known.keys.get((self.tenant, self.key))
        if self.key and before and before[0] not in known.purged:
            return ["same" if before[1] == self.digest else "differs", before[0]]
        holder = known.names.get((self.tenant, self.unique))
        if self.unique and holder and not world.story.is_final(holder):
            return ["taken", holder]
        if full := full_lane(world, pipeline):
            return ["full", full]
        known.keys |= {(self.tenant, self.key): (name, self.digest)} if self.key else {}
        known.names |= {(self.tenant, self.unique): name} if self.unique else {}
        return ["accepted", "queued"]


def submit(world: World, pipeline: Pipeline, name: str, how: Submit, expected: list[str], batch: str = "") -> None:
    """Send it, and remember what was accepted."""
    given = {"text": name, "flag": how.flag, "customer": "c1" if how.flag else "c2"}
    unwanted = pipeline.unwanted(given)
    call = world.engine.documents.submit(
        pipeline.id,
        [(name, pipeline.input_json(given))],
        priority=how.priority,
        tenant=how.tenant,
        delay=how.delay,
        deadline=how.deadline,
        batch=batch,
        unwanted={name: unwanted},
        once=Once(key=how.key, digest=how.digest, unique=how.unique),
    )
    accepted = expected[0] == "accepted"
    if accepted:
        world.known.documents[name] = Submitted(pipeline, how.tenant, given, batch, tuple(unwanted.split()))
    answer = world.call(call, how.again, ["accepted", "repeated"] if accepted else None)
    assert answer == expected, (answer, expected)


@dataclass(frozen=True)
class Cancel(OnDocument):
    """A document."""

    again: bool = False

    def do(self, world: World) -> None:
        """Whatever it is, it has ended then."""
        document = self.document(world)
        if document is None:
            return
        known, before = document not in world.known.purged, world.story.documents[document]
        ended = before if world.story.is_final(document) else "cancelled"
        answer = world.call(world.engine.documents.cancel([document], "no more"), self.again)
        assert answer == [ended if known else "unknown"], answer


@dataclass(frozen=True)
class Retry(OnDocument):
    """A document, perhaps from a step on."""

    start: int | None = None
    again: bool = False

    def do(self, world: World) -> None:
        """Revived, where it has ended and is kept."""
        document = self.document(world)
        if document is None:
            return
        story, times = world.story, world.story.lives.get(document, 0)
        was, steps = story.documents[document], list(world.known.documents[document].pipeline.calls)
        start = "" if self.start is None else steps[self.start % len(steps)]
        expected = {"revived"} if start or was != "succeeded" else {"revived", "complete"}
        if document in world.known.purged | world.marked or world.is_forgotten(document):
            expected = {"unknown"}
        elif not story.is_final(document):
            expected = {str(was)}
        repeated = ["repeated"] if expected == {"revived"} else None
        (word,) = world.call(
            world.engine.documents.retry([(document, times)], "again", start),
            self.again and len(expected) == 1,
            repeated,
        )
        assert word in expected, (word, expected)
        assert story.lives.get(document, 0) == times + (word == "revived")


@dataclass(frozen=True)
class Reprioritise(OnDocument):
    """A document."""

    priority: int = 5
    again: bool = False

    def do(self, world: World) -> None:
        """Its jobs move."""
        document = self.document(world)
        if document is None:
            return
        before = world.engine.head(document).get("priority")
        expected = "same" if before == str(self.priority) else "moved"
        if document in world.known.purged:
            expected = "unknown"
        elif world.story.is_final(document):
            expected = str(DocumentState(world.story.documents[document]))
        second = ["same" if expected == "moved" else expected]
        call = world.engine.documents.reprioritise([document], self.priority)
        assert world.call(call, self.again, second) == [expected]
