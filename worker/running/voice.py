"""What a running job says of itself, and asks of its document, beside the call that ends it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from orchestrator.batches.outcomes import Raw, page
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
        return self.send(self._documents.failures(self.job.document, step))

    def checkpoint(self, value: bytes) -> str:
        """Keep what the job's next try begins with."""
        return self.send(self.calls.checkpoint(self.job, value))

    def last_checkpoint(self) -> bytes | None:
        """What the last try left."""
        return self.send(self._documents.checkpoint(self.job.document, self.job.step, self.job.index))

    def outcomes(self, batch: str, first: int, last: int) -> list[Raw]:
        """Those of some lines of a batch."""
        talk = page(batch, first, last)
        calls = next(talk)
        while True:
            try:
                calls = talk.send([self.send(call) for call in calls])
            except StopIteration as end:
                return end.value

    @property
    def _documents(self) -> DocumentCalls:
        return DocumentCalls(Keys(shard_of(self.job.document)))
