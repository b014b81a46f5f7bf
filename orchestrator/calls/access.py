"""What is called about API keys: kept in one hash, spent by one script."""

from typing import Any, NamedTuple

import msgspec

from orchestrator.access.keys import Kept, Rate
from orchestrator.calls.base import Call, script_words
from orchestrator.keys import Keys


class Spent(NamedTuple):
    """What became of one request under a rate."""

    is_allowed: bool
    left: int
    """Requests that may follow at once."""
    wait: float
    """Seconds until the next may come, where this one may not; else until all may come at once again."""


class AccessCalls:
    """Builds calls about API keys."""

    def __init__(self, keys: Keys) -> None:
        self._keys, self._all = keys, keys.named("keys")

    def add(self, kept: Kept) -> Call[int]:
        """Keep a key; the same again changes nothing."""
        return Call(("HSETNX",), (self._all, kept.id, msgspec.json.encode(kept)), int)

    def remove(self, key: str) -> Call[int]:
        """Keep it no longer; how many there were, 1 or 0."""
        return Call(("HDEL",), (self._all, key), int)

    def read(self, key: str) -> Call[Kept | None]:
        """What is kept of one."""
        return Call(("HGET",), (self._all, key), _kept)

    def all(self) -> Call[list[Kept]]:
        """All of them, the oldest first."""
        return Call(("HVALS",), (self._all,), _sorted)

    def count(self) -> Call[int]:
        """How many there are."""
        return Call(("HLEN",), (self._all,), int)

    def spend(self, key: str, rate: Rate) -> Call[Spent]:
        """Count one request of a key."""
        return Call(script_words("spend", self._keys.spent(key)), (rate.interval, rate.count), _spent)


def _kept(raw: Any) -> Kept | None:
    return None if raw is None else msgspec.json.decode(raw, type=Kept)


def _sorted(raw: Any) -> list[Kept]:
    return sorted((msgspec.json.decode(one, type=Kept) for one in raw), key=lambda kept: (kept.created, kept.id))


def _spent(raw: Any) -> Spent:
    allowed, left, wait = raw
    return Spent(bool(allowed), left, wait / 1_000_000)
