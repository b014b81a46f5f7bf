"""The end of it all: everything is worked off, and then all that was promised is looked for."""

import json
from collections.abc import Sequence

from orchestrator.graph import Partial
from tests.properties.acting import Action
from tests.properties.on_slots import done, output_of
from tests.properties.slot import Slot
from tests.properties.upkeep import bound, pass_time, resume
from tests.properties.world import World

MOST_ROUNDS = 40
A_WHILE = 40.0
"""Seconds: longer than a lease, and than any delay of a retry."""


def play(world: World, actions: Sequence[Action]) -> None:
    """What everybody does, one after the other; then everything is worked off."""
    for action in actions:
        action.do(world)
    wind_up(world)


def wind_up(world: World) -> None:
    """Nothing is held back any more, and there are hands enough."""
    for kind, name in sorted(world.paused):
        resume(world, kind, name)
    for lane in ("cpu", "gpu"):
        bound(world, lane, None, slow=False)
    for batch in world.known.batches:
        world.call(world.batch_calls.close(batch))
    for _ in range(MOST_ROUNDS):
        for slot in world.slots:
            _work_off(world, slot)
        if not world.live() and not _left(world):
            return
        pass_time(world, A_WHILE)
    raise AssertionError(
        f"never ended: {[(name, world.engine.head(name)) for name in world.live()]}; left: {_left(world)}"
    )


def _work_off(world: World, slot: Slot) -> None:
    slot.settle()
    while slot.held or slot.claim(1, "no").jobs:
        job = slot.held[0]
        value = output_of(world, job, 2)
        slot.complete([done(world, job, value, 0)], [value], 1, "no")


def _left(world: World) -> list[str]:
    """What only live documents have a use for."""
    redis, prefix = world.redis, world.keys.prefix
    kinds = ("held:*", "limit:*", "started:*", "ready:*", "batch:*:open")
    names = [name for kind in kinds for name in redis.keys(prefix + kind)]
    names += [
        prefix + name
        for name in ("reasons", "limited", "leases", "delayed", "cancelling")
        if redis.exists(prefix + name)
    ]
    return names + [prefix + f"by:{status}" for status in ("queued", "running") if redis.exists(f"{prefix}by:{status}")]


def check_documents(world: World) -> None:
    """Each is final, and what it says of itself is what happened."""
    for name, told in world.story.documents.items():
        head = world.engine.head(name)
        if name in world.known.purged:
            assert head == {}, head
            continue
        assert head["status"] == told, (name, head["status"], told)
        assert int(head.get("revived", 0)) == world.story.lives.get(name, 0)
        if name in world.known.documents:
            _check_steps(world, name, head)
        if name in world.known.documents and world.known.documents[name].pipeline.on_finish:
            _check_told(world, name)


def _check_told(world: World, name: str) -> None:
    """Of each end, once."""
    for life in range(world.story.lives.get(name, 0) + 1):
        assert f"{name}.finish{life or ''}" in world.story.documents, (
            f"nobody was told of the end of {name}, life {life}"
        )


def _check_steps(world: World, name: str, head: dict[str, str]) -> None:
    pipeline, status = world.known.documents[name].pipeline, head["status"]
    states = {step: head[f"{step}.state"] for step in pipeline.calls}
    assert set(states.values()) <= {"done", "failed", "skipped", "cancelled"}, (name, states)
    if status in {"failed", "cancelled"}:
        assert "error" in head, (name, head)
        return
    assert "cancelled" not in states.values(), (name, states)
    lacking = [step for step in states if states[step] == "failed" or f"{step}.failed" in head]
    parts = [step for step in lacking if isinstance(pipeline.calls[step].step.on_failure, Partial)]
    assert bool(parts) == (status == "partial") == ("partly" in head), (name, parts, head)
    if status == "succeeded" and pipeline.plan.get("forget"):
        return
    for step, state in states.items():
        _check_guard(world, name, step, head)
        if state == "done":
            _check_output(world, name, step, head)


def _check_guard(world: World, name: str, step: str, head: dict[str, str]) -> None:
    """A step is left out where its condition said so, and only there."""
    guard = world.known.documents[name].pipeline.calls[step].guard
    if guard is None:
        return
    job = f"{name}/{guard.source}"
    if guard.kind == "input":
        wanted = step not in world.known.documents[name].unwanted
    else:
        wanted = head[f"{guard.source}.state"] == "done" and step not in world.ledger.accepted[job].unwanted
    left_out = head[f"{step}.state"] == "skipped" and f"{step}.error" not in head
    assert left_out == (not wanted), f"{name}/{step} is {head[f'{step}.state']}, wanted: {wanted}"


def _check_output(world: World, name: str, step: str, head: dict[str, str]) -> None:
    """What is kept is what was accepted, all of it and nothing else."""
    pipeline, keys = world.known.documents[name].pipeline, world.keys
    if step not in pipeline.plan.get("listed", "").split():
        assert json.loads(world.engine.data(name)[step]) == world.ledger.value(f"{name}/{step}"), (name, step)
        return
    kept = {int(i): json.loads(value) for i, value in world.redis.hgetall(keys.fan(name, step, "data")).items()}
    if pipeline.calls[step].over is None:
        made: list[str] = world.ledger.value(f"{name}/{step}")
        assert kept == dict(enumerate(made)), (name, step)
        return
    size = int(head[f"{step}.items"])
    bits = {part: _bits(world, keys.fan(name, step, part), size) for part in ("done", "failed")}
    assert bits["done"] | bits["failed"] == set(range(size)) and not bits["done"] & bits["failed"], (name, step, bits)
    assert kept == {i: world.ledger.value(f"{name}/{step}[{i}]") for i in bits["done"]}, (name, step)


def _bits(world: World, key: str, size: int) -> set[int]:
    return {i for i in range(size) if world.redis.getbit(key, i)}


def check_batches(world: World) -> None:
    """Each has ended, its counts are exact, and its aggregate ran once, when the last had ended."""
    for batch, members in world.known.batches.items():
        head = world.batch(batch)
        if not head:
            continue
        assert head["state"] == "ended", head
        statuses = [str(world.story.documents[member]) for member in members]
        for status in ("succeeded", "partial", "failed", "cancelled"):
            assert int(head.get(status, 0)) == statuses.count(status), (batch, status, head)
        assert (int(head["documents"]), int(head.get("running", 0))) == (len(members), 0), head
        assert (f"{batch}.aggregate" in world.story.documents) == ("aggregate" in head)
        _check_aggregate(world, batch, members)


def _check_aggregate(world: World, batch: str, members: list[str]) -> None:
    name = f"{batch}.aggregate"
    if name not in world.story.documents:
        return
    assert world.story.lives.get(name, 0) == 0, "an aggregate runs once"
    then = world.story.at_birth[name]
    if name in world.known.purged:
        return
    counts = json.loads(world.engine.data(name)["input"])["batch"]
    statuses = [str(then[member]) for member in members]
    told = {status: statuses.count(status) for status in ("succeeded", "partial", "failed", "cancelled")}
    assert sum(told.values()) == len(members), f"{name} began before all had ended: {told}"
    assert {status: counts[status] for status in told} == told, (counts, told)
