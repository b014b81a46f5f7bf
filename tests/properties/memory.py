"""Redis' memory: what stays when all has ended, and when all of that is purged."""

import re

from tests.properties.upkeep import pass_time, purge, take_expired
from tests.properties.world import World

PERMANENT = re.compile(
    r"(lanes|flags|place|stats|events|gone|minutes|workers|retention|deadlines|batches|by:\w+|tenant:\w+|pipeline:\S+|lane:\w+|wake:\w+)$"
)
"""Keys without an end: lua/README.md says `never` of them, or they are indexes and settings, bounded by what they name."""
OF_BATCHES = re.compile(r"batch:[^:]+(:refused)?$")
"""Until their purge."""
AT_LAST = re.compile(
    r"(lanes|flags|place|stats|events|gone|minutes|workers|deadlines|tenant:\w+|pipeline:\S+|lane:\w+|wake:\w+)$"
)
MONTH = 31 * 86_400


def _lasting(world: World) -> list[str]:
    names = world.redis.keys("*")
    return [name.removeprefix(world.keys.prefix) for name in names if world.redis.ttl(name) == -1]


def check_ends(world: World) -> None:
    """Each key has an end, or is one of those that have none."""
    lasting = [name for name in _lasting(world) if not PERMANENT.fullmatch(name) and not OF_BATCHES.fullmatch(name)]
    assert lasting == [], lasting


def check_purged(world: World, in_time: bool) -> None:
    """Once all is purged, nothing of it is left.

    Args:
        in_time: as each retention passes; or so late that the keys have expired by themselves.
    """
    if not in_time:
        pass_time(world, MONTH * 2)
    world.engine.shift("retention", MONTH * 1000)
    while taken := take_expired(world):
        purge(world, taken, drop=True)
    lasting = [name for name in _lasting(world) if not AT_LAST.fullmatch(name)]
    assert lasting == [], lasting
