"""What is called about documents and batches that were purged."""

from typing import Any

import msgspec

from orchestrator.calls.base import Call
from orchestrator.keys import Keys


class Gone(msgspec.Struct, frozen=True):
    """Something that was there, and is no more.

    Args:
        purged: when, milliseconds of the epoch.
    """

    purged: str
    tenant: str


class GoneCalls:
    """Builds calls about what one shard has no more.

    All members have the same score, so they lie in the order of their words, which begin with the id.
    """

    def __init__(self, keys: Keys) -> None:
        self._index = keys.named("gone")

    def find(self, name: str) -> Call[Gone | None]:
        """What is remembered of a document or a batch that was purged; None where nothing is."""
        return Call(("ZREVRANGEBYLEX",), (self._index, f"({name}!", f"[{name} ", "LIMIT", 0, 1), _gone)


def _gone(raw: Any) -> Gone | None:
    for member in raw:
        _, purged, tenant = member.decode().split(" ", 2)
        return Gone(purged, tenant)
    return None
