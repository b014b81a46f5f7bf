"""All that a server holds, but for what differs from run to run though the same was asked: ids, times, durations."""

import re
from typing import Any

ID = re.compile(r"\b0-[0-9a-z]{18}")
TIME = re.compile(r"\b(?:\d{16}|\d{13}(?:-\d+)?)\b")
"""Microseconds (a fence), or milliseconds; an entry of a stream has a number behind."""
RAN = re.compile(r"^(\d+ T) \d+")
"""Of an item that is done: its index, its start; how many ms it ran follows."""
BUCKET = re.compile(r"^((?:run|wait|duration):.+):(?:\d+|sum)$")
UNEVEN = "wait:"
"""A job that came back and was taken in one call is counted where a millisecond had passed."""
BITMAPS = (":done", ":failed", ":handed")
LONG_AGO = 1e12
"""A score from there on is a time."""


def holdings(redis: Any) -> dict[str, Any]:
    """Key -> whether it has an end, and what is in it."""
    found: dict[str, Any] = {name: [redis.ttl(name) > 0, _value(redis, name)] for name in redis.keys("*")}
    ranks = {one: f"D{rank}" for rank, one in enumerate(sorted(set(ID.findall(str(found)))))}
    return _same(found, ranks)


def _value(redis: Any, name: str) -> Any:
    kind = redis.type(name)
    if kind == "hash":
        return _counted(redis.hgetall(name)) if name.endswith("}:stats") else redis.hgetall(name)
    if kind == "zset":
        return {
            member: 0 if score > LONG_AGO else score for member, score in redis.zrange(name, 0, -1, withscores=True)
        }
    if kind == "stream":
        return [fields for _, fields in redis.xrange(name)]
    if kind == "list":
        return redis.lrange(name, 0, -1)
    if kind == "set":
        return sorted(redis.smembers(name))
    return redis.dump(name) if name.endswith(BITMAPS) else redis.get(name)


def _counted(stats: dict[str, str]) -> dict[str, int]:
    """How often something was measured, whatever came of it."""
    counts = dict[str, int]()
    for name, count in stats.items():
        bucket = BUCKET.match(name)
        if bucket is None:
            counts[name] = int(count)
        elif not name.endswith(":sum") and not name.startswith(UNEVEN):
            counts[bucket[1]] = counts.get(bucket[1], 0) + int(count)
    return counts


def _same(value: Any, ranks: dict[str, str]) -> Any:
    if isinstance(value, dict):
        return {_same(name, ranks): _same(inner, ranks) for name, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, list):
        return [_same(inner, ranks) for inner in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, str):
        return RAN.sub(r"\1", TIME.sub("T", ID.sub(lambda found: ranks[found[0]], value)))
    return value
