"""What time alone brings about, callable by anyone: sweep, purge."""

from collections.abc import Sequence

from orchestrator.calls.base import Call, script_words, texts
from orchestrator.keys import Keys


class DutyCalls:
    """Builds the calls of one shard's duties."""

    def __init__(self, keys: Keys) -> None:
        self._sweep = script_words("sweep", keys.named("leases"))
        self._purge = script_words("purge", keys.named("retention"))

    def sweep(self, most: int = 50) -> Call[tuple[int, int]]:
        """Promote due jobs, end leases that nobody renewed, restore hints; returns how many of the first two."""
        return Call(self._sweep, (most,), tuple)

    def purge_take(self, most: int = 50) -> Call[list[str]]:
        """Mark documents whose retention has passed; returns their ids, whose blobs are to be deleted."""
        return Call(self._purge, ("take", most), texts)

    def purge_drop(self, ids: Sequence[str]) -> Call[list[str]]:
        """Delete the keys of documents whose blobs are gone."""
        return Call(self._purge, ("drop", 0, *ids), texts)
