"""What time brings, and what people set: sweeps, purges, pauses, bounds."""

from dataclasses import dataclass
from typing import Literal

from tests.properties.acting import Tenant, pick
from tests.properties.upkeep import bound, pass_time, pause, purge, resume, take_expired
from tests.properties.world import World

DAY = 86_400


@dataclass(frozen=True)
class PassTime:
    """Seconds.

    Args:
        renewing: which slots' supervisors renew meanwhile, by bit.
    """

    seconds: int
    renewing: int = 0

    def do(self, world: World) -> None:
        """With it, leases, delays and deadlines."""
        pass_time(world, self.seconds, [slot for bit, slot in enumerate(world.slots) if self.renewing >> bit & 1])


@dataclass(frozen=True)
class Purge:
    """What has been kept long enough."""

    drop: bool = True

    def do(self, world: World) -> None:
        """Of a purger that died between its two calls, the first remains."""
        purge(world, take_expired(world), self.drop)


@dataclass(frozen=True)
class Delete:
    """A document that somebody wants gone."""

    which: int

    def do(self, world: World) -> None:
        """Where it has ended."""
        document = pick(list(world.known.documents), self.which)
        if document is None or document in world.known.purged:
            return
        marked = world.call(world.engine.duties.purge_mark([document]), again=True)
        assert marked == ([document] if world.story.is_final(document) else [])
        purge(world, marked, drop=True)


@dataclass(frozen=True)
class Pause:
    """A lane, a pipeline or a tenant; or no longer."""

    kind: Literal["lane", "pipeline", "tenant"]
    which: int
    on: bool = True

    def do(self, world: World) -> None:
        """From then on nothing of it is given out."""
        tenants: tuple[Tenant, ...] = ("acme", "zeta")
        names = {"lane": ("cpu", "gpu"), "pipeline": tuple(p.name for p in world.pipelines), "tenant": tenants}
        name = pick(names[self.kind], self.which)
        assert name is not None
        (pause if self.on else resume)(world, self.kind, name)


@dataclass(frozen=True)
class Bound:
    """How many may wait in a lane, and how fast it gives."""

    lane: Literal["cpu", "gpu"]
    most: int | None
    slow: bool = False

    def do(self, world: World) -> None:
        """A submission may be refused for it, and nothing else."""
        bound(world, self.lane, self.most, self.slow)
