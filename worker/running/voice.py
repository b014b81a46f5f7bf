"""What a running job says of itself, and asks of its document, beside the call that ends it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from orchestrator.calls import Call, DocumentCalls, Leased, SlotCalls
from orchestrator.keys import Keys, shard_of

Send = Callable[[Call[Any]], Any]


@dataclass(frozen=True)
class Voice:
    """Of one job.

    Args:
        calls: of its slot, which numbers them.
        send: the way to Redis.
    """

    job: Leased
    calls: SlotCalls = field(repr=False)
    send: Send = field(repr=False)

    def progress(self, done: int, total: int) -> str:
        """Say how far it is; the answer tells whether anybody wants it still."""
        return self.send(self.calls.progress(self.job, done, total))

    def flag(self, name: str, why: str) -> str:
        """Mark its document."""
        return self.send(self.calls.flag(self.job, name, why))

    def failures(self, step: str) -> dict[int, str]:
        """Why items of a fan-out failed, by index."""
        calls = DocumentCalls(Keys(shard_of(self.job.document)))
        return self.send(calls.failures(self.job.document, step))
