"""What measuring calls: counters as they were a while ago, where a job stands, and what stands before it."""

from collections.abc import Mapping
from typing import Any

from orchestrator.calls.answers import mapping
from orchestrator.calls.base import Call, Word, script_words, text, texts
from orchestrator.keys import Keys

PERIOD = 300.0
"""Seconds between two copies of the counters."""
COPIES = 3
"""How many there are at most: so the oldest was made 10 to 15 minutes ago."""


class MeasureCalls:
    """Builds the calls of one shard. All but `measure` are plain reads, none of which scans."""

    def __init__(self, keys: Keys) -> None:
        self._keys = keys
        self._measure = script_words("measure", keys.named("stats"))

    def measure(self, period: float = PERIOD, totals: Mapping[str, int] | None = None) -> Call[str]:
        """Keep a copy of the counters, one a period; `copied`, or `kept` where there is one.

        Args:
            totals: of this minute's line; where there is one it stays.
        """
        words: list[Word] = [word for pair in (totals or {}).items() for word in pair]
        return Call(self._measure, (int(period * 1000), *words), text)

    def copied(self, number: int) -> Call[float]:
        """When a copy was made, seconds; 0 where there is none."""
        return Call(("HGET",), (self._keys.named(f"stats:{number}"), "copied"), _when)

    def copy(self, number: int) -> Call[dict[str, str]]:
        """The counters as they were then, and `copied`."""
        return Call(("HGETALL",), (self._keys.named(f"stats:{number}"),), mapping)

    def reasons(self) -> Call[list[str]]:
        """The reasons for which jobs are held."""
        return Call(("SMEMBERS",), (self._keys.named("reasons"),), texts)

    def some_reasons(self, most: int) -> Call[list[str]]:
        """So many of them at most."""
        return Call(("SRANDMEMBER",), (self._keys.named("reasons"), most), texts)

    def score(self, zset: str, member: str) -> Call[float | None]:
        """A job's score in a zset of the shard: `ready:<lane>`, `delayed`, `held:<reason>`; None where it is not in it."""
        return Call(("ZSCORE",), (self._keys.named(zset), member), _score)

    def rank(self, zset: str, member: str) -> Call[int | None]:
        """How many stand before it there."""
        return Call(("ZRANK",), (self._keys.named(zset), member), _rank)

    def count(self, zset: str) -> Call[int]:
        """How many are in it."""
        return Call(("ZCARD",), (self._keys.named(zset),), int)

    def before(self, zset: str, score: float) -> Call[int]:
        """How many have a lower score."""
        return Call(("ZCOUNT",), (self._keys.named(zset), "-inf", f"({score!r}"), int)

    def within(self, zset: str, low: float, high: float) -> Call[int]:
        """How many have a score of at least `low` and below `high`."""
        return Call(("ZCOUNT",), (self._keys.named(zset), repr(low), f"({high!r}"), int)

    def head_within(self, zset: str, low: float, high: float) -> Call[list[str]]:
        """The first member with a score of at least `low` and below `high`; none or one."""
        words = (self._keys.named(zset), repr(low), f"({high!r}", "BYSCORE", "LIMIT", 0, 1)
        return Call(("ZRANGE",), words, texts)

    def at(self, zset: str, rank: int) -> Call[list[tuple[str, float]]]:
        """The member at that rank, with its score; none or one."""
        return Call(("ZRANGE",), (self._keys.named(zset), rank, rank, "WITHSCORES"), _pairs)

    def head(self, zset: str, most: int) -> Call[list[tuple[str, float]]]:
        """The first members, with their scores."""
        return Call(("ZRANGE",), (self._keys.named(zset), 0, most - 1, "WITHSCORES"), _pairs)

    def first(self, zset: str, most: int) -> Call[list[str]]:
        """The first members."""
        return Call(("ZRANGE",), (self._keys.named(zset), 0, most - 1), texts)

    def fan(self, document: str, step: str) -> Call[list[bytes | None]]:
        """Of a fan-out: `size`, `cursor`, and what says that `handed` tells instead of the cursor; None where it is none."""
        return Call(("HMGET",), (self._keys.fan(document, step), "size", "cursor", "over", "reopened"), list)

    def handed(self, document: str, step: str) -> Call[int]:
        """How many items of such a fan-out were handed out, and one more: the bitmap's end is marked."""
        return Call(("BITCOUNT",), (self._keys.fan(document, step, "handed"),), int)


def _when(raw: bytes | None) -> float:
    return int(raw or 0) / 1000


def _score(raw: Any) -> float | None:
    return None if raw is None else float(raw)


def _rank(raw: Any) -> int | None:
    return None if raw is None else int(raw)


def _pairs(raw: Any) -> list[tuple[str, float]]:
    # RESP3 gives pairs, RESP2 one flat list.
    pairs: Any = raw if raw and isinstance(raw[0], list) else zip(raw[::2], raw[1::2], strict=True)
    return [(member.decode(), float(score)) for member, score in pairs]
