"""What the server spent on docmill's scripts: of all calls together, and of each that took long."""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from redis import Redis

SLOW = 500
"""Microseconds from which on a call is listed."""


@dataclass(frozen=True)
class Spent:
    """Of one phase.

    Args:
        mean: microseconds a call.
        slow: verb -> calls over half a millisecond. longest: verb -> the longest, microseconds.
    """

    calls: int
    mean: float
    slow: dict[str, int]
    longest: dict[str, int]

    @property
    def words(self) -> str:
        """For people."""
        told = ", ".join(f"{verb}: {count}, longest {self.longest[verb]} us" for verb, count in self.slow.items())
        return f"{self.calls} calls, {self.mean:.0f} us each; over {SLOW} us: {told or 'none'}"


def begin(client: Redis) -> None:
    """Count from here."""
    ask: Any = client
    ask.config_set("slowlog-log-slower-than", SLOW)
    ask.config_set("slowlog-max-len", 10_000)
    ask.slowlog_reset()
    ask.config_resetstat()


def spent(client: Redis) -> Spent:
    """Since then."""
    ask: Any = client
    stats = ask.info("commandstats")["cmdstat_fcall"]
    slow, longest = Counter[str](), dict[str, int]()
    for entry in ask.slowlog_get(10_000):
        words = entry["command"].split(b" ")
        if words[0] == b"FCALL":
            verb = words[1].decode().split("_")[1]
            slow[verb] += 1
            longest[verb] = max(longest.get(verb, 0), int(entry["duration"]))
    return Spent(int(stats["calls"]), float(stats["usec_per_call"]), dict(slow), longest)
