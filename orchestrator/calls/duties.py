"""What time alone brings about, callable by anyone: sweep, purge."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from orchestrator.calls.base import Call, script_words, texts
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
        self._sweep = script_words("sweep", keys.named("leases"))
        self._purge = script_words("purge", keys.named("retention"))

    def sweep(self, most: int = 50) -> Call[Swept]:
        """Promote due jobs, end leases that nobody renewed, let limits pass, restore hints."""
        return Call(self._sweep, (most,), _swept)

    def purge_take(self, most: int = 50) -> Call[list[str]]:
        """Mark documents whose retention has passed; returns their ids, whose blobs are to be deleted."""
        return Call(self._purge, ("take", most), texts)

    def purge_drop(self, ids: Sequence[str]) -> Call[list[str]]:
        """Delete the keys of documents whose blobs are gone."""
        return Call(self._purge, ("drop", 0, *ids), texts)


def _swept(raw: Any) -> Swept:
    promoted, requeued, passed, again = raw
    return Swept(promoted, requeued, passed, bool(again))
