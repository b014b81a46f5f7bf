"""Time, as a test wants it: nothing waits, and no clock is replaced."""

from functools import cache
from pathlib import Path

from orchestrator.calls import Call, DocumentCalls
from orchestrator.connection import Blocking
from orchestrator.keys import Keys

AFTER = 0.001
"""Seconds: a job is due once its time has passed."""


class Clock:
    """Moves what is stored in a throw-away server; the server's own clock stays the one clock."""

    def __init__(self, transport: Blocking) -> None:
        self._transport, self._keys = transport, Keys()
        self._calls = DocumentCalls(self._keys)

    def shift(self, seconds: float) -> None:
        """Make it seem that so many seconds have passed, in one step: for leases, delays, deadlines, retention, all."""
        words = (_script(), 0, self._keys.prefix, int(seconds * 1000))
        self._transport.send(Call(("EVAL",), words, int))

    def until_due(self) -> float | None:
        """Seconds until the first delayed job is due, or a lane that rests gives its jobs; None where there is none."""
        now = self._transport.send(self._calls.time())
        times = [time for _, time in self._transport.send(self._first_delayed())]
        times += [
            until for lane in self._transport.send(self._calls.lanes()) if (until := self._rests_until(lane)) > now
        ]
        return max(0.0, min(times) - now + AFTER) if times else None

    def _rests_until(self, lane: str) -> float:
        """When a lane whose service was down gives its jobs again; 0 where it does not rest, or has none."""
        known = self._transport.send(self._calls.lane(lane))
        has_jobs = "classes" in known or self._transport.send(self._calls.depth(lane))
        return float(known.get("resting", 0)) / 1000 if has_jobs else 0.0

    def _first_delayed(self) -> "Call[list[tuple[str, float]]]":
        from orchestrator.calls.answers import scored

        return Call(("ZRANGE",), (self._keys.named("delayed"), 0, 0, "WITHSCORES"), scored)


@cache
def _script() -> str:
    return Path(__file__).with_name("shift.lua").read_text()
