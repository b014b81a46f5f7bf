"""What slots and their supervisors do: claim, complete, fail, report, die."""

import json
from dataclasses import dataclass, replace
from typing import Literal

from orchestrator.calls import Done, Failed, Leased
from tests.properties.acting import Repeat, pick
from tests.properties.ledger import Output
from tests.properties.slot import NOTHING_DONE, Slot
from tests.properties.world import World

Cause = Literal["died", "limit", "memory", "cancelled", "drained"]


@dataclass(frozen=True)
class OnSlot:
    """An action of a slot."""

    which: int

    def slot(self, world: World) -> Slot:
        """Which one."""
        return world.slots[self.which % len(world.slots)]


@dataclass(frozen=True)
class Claim(OnSlot):
    """Lease jobs."""

    want: int = 1
    repeat: Repeat = "no"

    def do(self, world: World) -> None:
        """What comes is checked by the slot."""
        self.slot(world).claim(self.want, self.repeat)


def output_of(world: World, job: Leased, length: int) -> Output:
    """Nobody else ever makes the same."""
    name = f"{job.job}#{job.token}"
    known = world.known.documents.get(job.document)
    is_list = (
        known is not None and known.pipeline.plan.get("listed", "").split().count(job.step) > 0 and job.index is None
    )
    return [f"{name}#{i}" for i in range(length)] if is_list else name


def done(world: World, job: Leased, value: Output, choice: int) -> Done:
    """As a slot tells of it: its value, and which of the steps that look at it are not wanted."""
    known = world.known.documents.get(job.document)
    guarded = (
        [] if known is None else [n for n, c in known.pipeline.calls.items() if c.guard and c.guard.kind == "step"]
    )
    asked = [n for n in guarded if known and (g := known.pipeline.calls[n].guard) and g.source == job.step]
    unwanted = [name for bit, name in enumerate(asked) if choice >> bit & 1]
    if isinstance(value, list):
        items = [json.dumps(item).encode() for item in value]
        return Done(job, length=len(items), items=items, unwanted=unwanted)
    return Done(job, json.dumps(value).encode(), unwanted=unwanted)


@dataclass(frozen=True)
class Complete(OnSlot):
    """End some of the jobs that it holds.

    Args:
        length: of a list that it makes.
        choice: which followers are not wanted, by bit.
        first: how many items of a list are told before the end.
    """

    jobs: int = 1
    length: int = 2
    choice: int = 0
    first: int = 0
    want: int = 1
    repeat: Repeat = "no"

    def do(self, world: World) -> None:
        """Once, or not at all."""
        slot = self.slot(world)
        slot.settle()
        jobs = slot.held[: self.jobs]
        values = [output_of(world, job, self.length) for job in jobs]
        told = [done(world, job, value, self.choice) for job, value in zip(jobs, values, strict=True)]
        if jobs:
            slot.complete([self._in_parts(world, slot, one) for one in told], values, self.want, self.repeat)

    def _in_parts(self, world: World, slot: Slot, one: Done) -> Done:
        """The slot tells the end of a long list first."""
        if self.first == 0 or len(one.items) <= self.first:
            return one
        word = world.call(slot.hand.calls.items(one.job, self.first, one.items[self.first :]))
        assert word in {world.verdict(one.job, "ok"), "unknown"}
        return replace(one, items=one.items[: self.first])


@dataclass(frozen=True)
class Fail(OnSlot):
    """End a job without success."""

    jobs: int = 1
    how: str = "attempt"
    delay: float = 0.0
    want: int = 1
    repeat: Repeat = "no"

    def do(self, world: World) -> None:
        """It goes back, or fails for good."""
        slot = self.slot(world)
        slot.settle()
        failed = [Failed(job, self.how, self.delay, "ValueError", "broken") for job in slot.held[: self.jobs]]
        if failed:
            slot.fail(failed, self.want, self.repeat)


@dataclass(frozen=True)
class Report(OnSlot):
    """Something of a job that runs."""

    kind: str = "progress"
    again: bool = False

    def do(self, world: World) -> None:
        """Kept where the lease is the job's."""
        slot = self.slot(world)
        slot.settle()
        if not slot.held:
            return
        job, calls = slot.held[0], slot.hand.calls
        value = f'"{job.token}"'.encode()
        call = {
            "progress": lambda: calls.progress(job, 1, 2),
            "flag": lambda: calls.flag(job, "needs_review", "odd"),
            "checkpoint": lambda: calls.checkpoint(job, value),
        }[self.kind]()
        expected = world.verdict(job, "ok")
        word = world.call(call, self.again, None if slot.is_unknown() else "repeated")
        assert word == expected or word in NOTHING_DONE
        if word == "ok" and self.kind == "checkpoint":
            world.ledger.checkpoints[job.job] = (world.story.lives.get(job.document, 0), value)


@dataclass(frozen=True)
class Crash(OnSlot):
    """Its process ends, perhaps with another's.

    Args:
        named: whether the supervisor names the job.
    """

    other: int = 0
    cause: Cause = "died"
    named: bool = False

    def do(self, world: World) -> None:
        """What it held goes back; whatever it says later is refused."""
        slot, other = self.slot(world), world.slots[self.other % len(world.slots)]
        slot.settle()
        old, jobs = slot.hand, list(slot.held)
        job = pick(jobs, 0)
        if slot.end_by([other], self.cause, job.token if self.named and job else "") and jobs:
            world.ghosts += [(old, one) for one in jobs]


@dataclass(frozen=True)
class Haunt:
    """A process that was given up for dead ends its job after all."""

    which: int

    def do(self, world: World) -> None:
        """It is told to stop."""
        ghost = pick(world.ghosts, self.which)
        if ghost is not None:
            answer = world.call(ghost[0].calls.complete([ghost[0].done(ghost[1], "late")], 1))
            assert answer.word in {"retired", "unknown"}, answer


@dataclass(frozen=True)
class SendOld(OnSlot):
    """A call arrives after a later one."""

    def do(self, world: World) -> None:
        """It changes nothing."""
        self.slot(world).repeat_old()
