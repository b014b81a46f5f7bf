"""What who looks at all of it reads: leases, the lines of minutes, the server's figures. Plain reads, none of which scans."""

from typing import Any, cast

from orchestrator.calls.answers import mapping, same, scored
from orchestrator.calls.base import Call, texts
from orchestrator.keys import Keys

LINES = 61
"""Lines of minutes that are kept, as `lua/measure.lua` has it."""


class OverviewCalls:
    """Builds the calls of one shard."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys

    def leases(self, most: int) -> Call[list[tuple[str, float]]]:
        """The leases that end first, with the time at which they do, seconds."""
        return Call(("ZRANGE",), (self._keys.named("leases"), 0, most - 1, "WITHSCORES"), scored)

    def minutes(self) -> Call[list[dict[str, int]]]:
        """The lines of the last hour, oldest first: `at` (ms) and totals."""
        return Call(("XRANGE",), (self._keys.named("minutes"), "-", "+", "COUNT", LINES), _lines)

    def first_within(self, zset: str, low: float, high: float) -> Call[list[str]]:
        """The first member with a score of at least `low` and below `high`; none or one."""
        words = (self._keys.named(zset), repr(low), f"({high!r}", "BYSCORE", "LIMIT", 0, 1)
        return Call(("ZRANGE",), words, texts)

    def item(self, document: str, step: str, index: int) -> Call[bytes | None]:
        """The last run of an item that is leased, or was tried before."""
        return Call(("HGET",), (self._keys.fan(document, step), index), same)

    def items(self, document: str, step: str) -> Call[dict[str, str]]:
        """The records of a fan-out: the runs of items that are leased or were tried before, and what is known of it."""
        return Call(("HGETALL",), (self._keys.fan(document, step),), mapping)

    def ran(self, document: str, step: str, first: int = 0) -> Call[list[str]]:
        """The items of a fan-out that are done, in that order, from so many on: `<i> <started ms> <ran ms> <deliveries>`."""
        return Call(("LRANGE",), (self._keys.fan(document, step, "ran"), first, -1), texts)

    def server(self) -> Call[dict[str, str]]:
        """What the server tells of itself."""
        return Call(("INFO",), (), _info)

    def submitted_as(self, tenant: str, key: str) -> Call[str]:
        """The document that an idempotency key was used for; empty where there is none."""
        return Call(("GET",), (self._keys.named(f"idem:{tenant}:{key}"),), _first_word)

    def named(self, tenant: str, name: str) -> Call[str]:
        """The document that has, or had last, a unique name; empty where there is none."""
        return Call(("GET",), (self._keys.named(f"unique:{tenant}:{name}"),), _first_word)


def _lines(raw: Any) -> list[dict[str, int]]:
    # redis-py makes pairs of an entry's words, where it takes part.
    return [{name: int(value) for name, value in mapping(told).items()} for _, told in raw or ()]


def _info(raw: Any) -> dict[str, str]:
    if isinstance(raw, dict):  # redis-py has read it
        return {str(name): str(value) for name, value in cast("dict[Any, Any]", raw).items()}
    pairs = (line.partition(":") for line in raw.decode().splitlines())
    return {name: value for name, colon, value in pairs if colon}


def _first_word(raw: bytes | None) -> str:
    return (raw or b"").decode().partition(" ")[0]
