"""What passes and what is set, seen from both sides: the server's, and what we know of it."""

from collections.abc import Sequence

from orchestrator.graph import Pipeline
from tests.properties.slot import Slot
from tests.properties.world import World

LONG = 50_000
"""Seconds, less than what is kept outlives its retention by: so long no purge may fail to come."""


def pass_time(world: World, seconds: float, renewing: Sequence[Slot] = ()) -> None:
    """So much time passes; some supervisors renew in it, the others only after the sweep."""
    world.clock.shift(seconds)
    _expire(world)
    known = [slot for slot in renewing if not slot.is_unknown()]
    for slot in known:
        slot.renew()
    world.call(world.engine.duties.sweep())
    for slot in world.slots:
        if seconds >= world.engine.lease:
            slot.lose(also_wanted=slot not in known)
        slot.renew()
    if seconds >= LONG:
        take_expired(world)
    forget_expired(world)


def _expire(world: World) -> None:
    """What has a millisecond left is gone, for all that follows alike."""
    gone = [key for key in world.redis.keys("*") if 0 <= world.redis.pttl(key) <= 1]
    if gone:
        world.redis.delete(*gone)


def forget_expired(world: World) -> None:
    """Ended documents whose keys have outlived all that they may, and idempotency keys that have."""
    story, purged = world.story, world.known.purged
    ended = [name for name in story.documents if story.is_final(name) and name not in purged]
    purged |= {name for name in ended if not world.redis.exists(world.keys.doc(name))}
    for tenant, key in list(world.known.keys):
        if not world.redis.exists(world.keys.named(f"idem:{tenant}:{key}")):
            del world.known.keys[tenant, key]


def take_expired(world: World) -> list[str]:
    """The first half of a purge: nothing that is needed is taken."""
    taken = world.call(world.engine.duties.purge_take())
    for name in taken:
        batch = name.partition(".")[0]
        assert name in world.known.batches or world.story.is_final(name) or name in world.known.purged, name
        if name in world.known.batches.get(batch, []) or name in world.known.batches:
            assert world.batch(batch).get("state", "ended") == "ended", f"{name} is taken from an open batch"
            assert not is_live(world, f"{batch}.aggregate"), f"{name} is taken from its aggregate"
        times = world.story.lives.get(name, 0)
        assert not is_live(world, f"{name}.finish{times or ''}"), f"{name} is taken from what is told of its end"
    world.marked |= {name for name in taken if name in world.story.documents}
    return taken


def is_live(world: World, name: str) -> bool:
    """Whether there is such a document, and it has not ended."""
    return name in world.story.documents and not world.story.is_final(name)


def purge(world: World, taken: Sequence[str], drop: bool) -> None:
    """The second half: nothing is left of them."""
    if not drop or not taken:
        return
    gone = world.call(world.engine.duties.purge_drop(taken))
    assert set(gone) <= set(taken)
    for name in taken:
        doc = world.keys.doc(name)
        left = [key for key in world.redis.keys(f"{doc}*") if key == doc or key.startswith(f"{doc}:")]
        assert left == [], left
    world.known.purged |= {name for name in taken if name in world.story.documents}


def pause(world: World, kind: str, name: str) -> None:
    """It gives nothing from now on."""
    assert world.call(world.engine.duties.pause(kind, name), again=True) == "paused"
    world.paused.add((kind, name))


def resume(world: World, kind: str, name: str) -> None:
    """It gives again; what was held comes back."""
    world.paused.discard((kind, name))
    while world.call(world.engine.duties.resume(kind, name, most=2)) == "again":
        pass


def bound(world: World, lane: str, most: int | None, slow: bool) -> None:
    """How many may wait, and whether it gives but one job in a hundred seconds, after two."""
    bounds = {"most": str(most or ""), "rate": "0.01" if slow else "", "burst": "2" if slow else ""}
    world.call(world.engine.duties.bound(lane, bounds), again=True)
    world.most |= {lane: most or 10_000}


def full_lane(world: World, pipeline: Pipeline) -> str:
    """The first of its lanes in which as many wait as may; empty where there is none."""
    for lane in dict.fromkeys(call.step.lane for call in pipeline.calls.values()):
        keys = [world.keys.ready(lane), *world.redis.keys(f"{world.keys.ready(lane)}:*")]
        if sum(world.redis.zcard(key) for key in keys) >= world.most.get(lane, 10_000):
            return lane
    return ""
