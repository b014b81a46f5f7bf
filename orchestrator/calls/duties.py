"""What time alone brings about, callable by anyone: sweep, purge."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from orchestrator.calls.answers import mapping, scored
from orchestrator.calls.base import Call, script_words, text, texts
from orchestrator.keys import Keys


class Swept(NamedTuple):
    """What one sweep did."""

    promoted: int
    requeued: int
    passed: int
    """Limits and deadlines that passed."""
    again: bool
    """More is due than one call does."""


class DutyCalls:
    """Builds the calls of one shard's duties."""

    def __init__(self, keys: Keys) -> None:
        self._keys, self._orphans = keys, keys.named("orphans")
        self._sweep = script_words("sweep", keys.named("leases"))
        self._purge = script_words("purge", keys.named("retention"))
        self._paused = keys.named("paused")
        self._pause = script_words("pause", self._paused)
        self._bound = script_words("bound", keys.named("lanes"))
        self._drain = script_words("drain", keys.named("workers"))

    def sweep(self, most: int = 50) -> Call[Swept]:
        """Promote due jobs, end leases that nobody renewed, let limits pass, restore hints."""
        return Call(self._sweep, (most,), _swept)

    def pause(self, kind: str, name: str) -> Call[str]:
        """Give out no more jobs of a lane, a pipeline or a tenant."""
        return Call(self._pause, ("pause", kind, name, 0), text)

    def resume(self, kind: str, name: str, most: int = 20) -> Call[str]:
        """Give them out again; `again` where more than `most` were held, and the rest is to follow."""
        return Call(self._pause, ("resume", kind, name, most), text)

    def bound(self, lane: str, bounds: Mapping[str, str]) -> Call[str]:
        """Say how fast a lane gives, and how many may wait in it: `rate`, `burst`, `most`; an empty value takes one away."""
        words = [word for pair in bounds.items() for word in pair]
        return Call(self._bound, (lane, *words), text)

    def drain(self, worker: str) -> Call[str]:
        """Ask a worker to end: `draining`, `ended` or `unknown`."""
        return Call(self._drain, (worker,), text)

    def purge_mark(self, ids: Sequence[str]) -> Call[list[str]]:
        """Mark ended documents that somebody wants gone now; returns those marked, whose blobs are to be deleted."""
        return Call(self._purge, ("mark", 0, *ids), texts)

    def paused(self) -> Call[dict[str, str]]:
        """What is paused besides lanes, `pipeline:<name>` and `tenant:<name>`, and since when (ms)."""
        return Call(("HGETALL",), (self._paused,), mapping)

    def turn(self, duty: str, seconds: float) -> Call[bool]:
        """Whether a duty that one process in so long does is this caller's now."""
        name = self._keys.named(f"turn:{duty}")
        return Call(("SET",), (name, "1", "NX", "PX", int(seconds * 1000)), bool)

    def see_orphans(self, names: Sequence[str], now: float) -> Call[int]:
        """Remember folders without a document, and when (seconds, the server's) each was first seen."""
        scored = [word for name in names for word in (int(now * 1000), name)]
        return Call(("ZADD",), (self._orphans, "NX", *scored), int) if names else self._no_orphans()

    def orphans_seen_before(self, when: float) -> Call[list[str]]:
        """Those first seen before then."""
        return Call(("ZRANGEBYSCORE",), (self._orphans, "-inf", int(when * 1000)), texts)

    def forget_orphans(self, names: Sequence[str]) -> Call[int]:
        """They are deleted, or have a document."""
        return Call(("ZREM",), (self._orphans, *names), int) if names else self._no_orphans()

    def _no_orphans(self) -> Call[int]:
        return Call(("ZCARD",), (self._orphans,), int)

    def purge_take(self, most: int = 50) -> Call[list[str]]:
        """Mark documents whose retention has passed; returns their ids, whose blobs are to be deleted."""
        return Call(self._purge, ("take", most), texts)

    def next_purge(self) -> Call[float | None]:
        """When the next document may be looked at by `purge_take` (seconds, the server's clock); None: there is none."""
        return Call(("ZRANGE",), (self._keys.named("retention"), 0, 0, "WITHSCORES"), _first_score)

    def purge_drop(self, ids: Sequence[str]) -> Call[list[str]]:
        """Delete the keys of documents whose blobs are gone."""
        return Call(self._purge, ("drop", 0, *ids), texts)


def _first_score(raw: Any) -> float | None:
    return next((when for _, when in scored(raw)), None)


def _swept(raw: Any) -> Swept:
    promoted, requeued, passed, again = raw
    return Swept(promoted, requeued, passed, bool(again))
