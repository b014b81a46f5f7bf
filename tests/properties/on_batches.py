"""What is done with batches."""

from dataclasses import dataclass

from orchestrator.ids import member_id
from tests.properties.acting import pick
from tests.properties.on_documents import Submit, submit
from tests.properties.upkeep import full_lane
from tests.properties.world import World
from tests.support.flows import tallied


@dataclass(frozen=True)
class Open:
    """A batch, with an aggregate or without."""

    aggregate: bool = True

    def do(self, world: World) -> None:
        """It takes documents from then on."""
        name = f"0-b{len(world.known.batches)}"
        ending = tallied.id if self.aggregate else ""
        call = world.batch_calls.open(name, "p0", priority=5, tenant="acme", aggregate=ending, given="", retention=60)
        assert world.call(call, again=True) == "opened"
        world.known.batches[name] = []


@dataclass(frozen=True)
class OnBatch:
    """An action on a batch."""

    which: int

    def batch(self, world: World) -> str | None:
        """Its id."""
        return pick(list(world.known.batches), self.which)


@dataclass(frozen=True)
class Fill(OnBatch):
    """One more document."""

    how: Submit

    def do(self, world: World) -> None:
        """Accepted as long as the batch is open."""
        batch = self.batch(world)
        pipeline = pick(world.pipelines, self.how.pipeline)
        if batch is None or pipeline is None:
            return
        members = world.known.batches[batch]
        name, full = member_id(batch, len(members) + 1), full_lane(world, pipeline)
        state = world.batch(batch).get("state")
        expected = ["full", full] if full else ["accepted", "queued"]
        submit(world, pipeline, name, self.how, expected if state == "open" else ["closed", batch], batch)
        if name in world.known.documents:
            members.append(name)


@dataclass(frozen=True)
class Refuse(OnBatch):
    """A line that is none."""

    line: int = 1

    def do(self, world: World) -> None:
        """Written down once."""
        batch = self.batch(world)
        if batch is None:
            return
        state = world.batch(batch).get("state", "unknown")
        word = world.call(world.batch_calls.refuse(batch, {self.line: "no file"}), again=True)
        assert word == ("refused" if state == "open" else state)


@dataclass(frozen=True)
class Close(OnBatch):
    """No more documents."""

    def do(self, world: World) -> None:
        """It ends at once where all of them have ended."""
        batch = self.batch(world)
        if batch is None or not world.batch(batch):
            return
        live = [member for member in world.known.batches[batch] if not world.story.is_final(member)]
        before = world.batch(batch)["state"]
        word = world.call(world.batch_calls.close(batch), again=True)
        assert word == (before if before == "ended" else "closed" if live else "ended"), (word, live)


@dataclass(frozen=True)
class CancelBatch(OnBatch):
    """With what is left of it; sweep does what the caller does not."""

    most: int = 2

    def do(self, world: World) -> None:
        """It takes no more from then on."""
        batch = self.batch(world)
        if batch is None or not world.batch(batch):
            return
        word = world.call(world.batch_calls.cancel(batch, "a mistake", self.most))
        live = [member for member in world.known.batches[batch] if not world.story.is_final(member)]
        assert (word == "again") == bool(live), (word, live)
