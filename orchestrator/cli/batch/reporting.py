"""All that is told of one batch: its counts, some of its refused lines, and what its aggregate made."""

from typing import TYPE_CHECKING, Any

import msgspec

from orchestrator.batches.views import BatchView
from orchestrator.errors import NotFound

if TYPE_CHECKING:
    from orchestrator.client import Mill

REFUSED_SHOWN = 5


class Aggregate(msgspec.Struct):
    """What the last document became."""

    id: str
    status: str
    error: str | None = None
    result: Any = None


class Report(msgspec.Struct):
    """A batch as a command tells of it."""

    batch: BatchView
    refused: dict[int, str]
    """Some of the lines that were refused, and why."""
    aggregate: Aggregate | None

    @property
    def went_well(self) -> bool:
        """Whether all of it succeeded."""
        done = self.batch.is_final and self.batch.succeeded == self.batch.documents and not self.batch.refused
        return done and (self.aggregate is None or self.aggregate.status == "succeeded")

    def as_json(self) -> dict[str, Any]:
        """The fields of the batch, with some refused lines, and the aggregate instead of its id."""
        told = {"refused_lines": {str(line): why for line, why in self.refused.items()}, "aggregate": self.aggregate}
        return msgspec.to_builtins(self.batch) | msgspec.to_builtins(told)


async def report(mill: "Mill", batch: BatchView) -> Report:
    """Read what belongs to it."""
    refused = await mill.refused(batch.id) if batch.refused else {}
    some = dict(list(refused.items())[:REFUSED_SHOWN])
    return Report(batch, some, await _aggregate(mill, batch.aggregate, batch.is_final) if batch.aggregate else None)


async def _aggregate(mill: "Mill", document: str, is_due: bool) -> Aggregate:
    try:
        found = await mill.get(document)
    except NotFound:
        return Aggregate(document, "purged" if is_due else "waiting")
    step = (await mill.transport.send(mill.calls.plan(found.pipeline)))["result"]
    made = found.is_final and any(one.name == step and one.state == "done" for one in found.steps)
    return Aggregate(document, found.status, found.error, await mill.output(document, step) if made else None)
