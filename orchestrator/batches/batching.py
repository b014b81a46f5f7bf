"""Batches as a client submits, follows and cancels them."""

import asyncio
import math
from collections.abc import AsyncGenerator, Iterable, Mapping
from functools import cached_property
from typing import Any

import msgspec

from orchestrator import admission
from orchestrator.batches.filling import Ending, Filling, Opener, Terms, open_path
from orchestrator.batches.lines import BadLine, Line
from orchestrator.batches.outcomes import PAGE, Outcome, page
from orchestrator.batches.views import BatchView, EndedBatch, view_batch
from orchestrator.calls.batches import BatchCalls
from orchestrator.connection import Asynchronous
from orchestrator.errors import UnknownBatch, UsageError
from orchestrator.ids import checked_id
from orchestrator.keys import Keys, shard_of
from orchestrator.missing import not_found
from orchestrator.submitting import Submitting

LOOK_AGAIN = 15.0
"""Seconds: a waiter looks again even where it heard nothing."""


class Batching(Submitting):
    """Submits documents by the thousand, and tells what became of them."""

    @cached_property
    def _batches(self) -> BatchCalls:
        return BatchCalls(Keys())

    async def submit_batch(
        self,
        pipeline: str,
        lines: Iterable[Line | BadLine | Mapping[str, Any]],
        *,
        aggregate: str | None = None,
        given: Mapping[str, Any] | None = None,
        name: str = "",
        batch: str | None = None,
        **options: Any,
    ) -> BatchView:
        """Submit many documents as one batch.

        Args:
            lines: what each is made of; a mapping is the parameters.
            aggregate: the pipeline to run once the last document has ended, however it ended; its parameter `batch` takes an
                `EndedBatch`.
            given: the aggregate's other parameters.
            name: for people.
            batch: its id, where the caller made it. The same lines with the same id again go on where they were left, and try
                again those that were refused.
            options: `priority`, `tenant`, `lanes`, `delay`, `deadline`, as `submit` takes them, for all of them.

        Returns:
            The batch. A line that cannot be a document is counted in `refused`, and `outcomes` says why; the others go on.

        Raises:
            UsageError: an unknown pipeline or aggregate, more than 50,000 lines, or the batch takes no more lines.
        """
        filling = await self.open_batch(pipeline, aggregate=aggregate, given=given, name=name, batch=batch, **options)
        await filling.fill(lines)
        return await self.close_batch(filling.batch)

    async def open_batch(
        self,
        pipeline: str,
        *,
        aggregate: str | None = None,
        given: Mapping[str, Any] | None = None,
        name: str = "",
        batch: str | None = None,
        opened: Opener = open_path,
        patience: float = math.inf,
        **options: Any,
    ) -> Filling:
        """Open a batch, or go on with one, for lines that come bit by bit; `submit_batch` says what the arguments are.

        Args:
            opened: opens the files that lines name.
            patience: seconds for which a full lane is waited for.

        Raises:
            UsageError: an unknown pipeline or aggregate, or the batch takes no more lines.
        """
        terms = Terms.of(self.registry.named(pipeline), **options)
        ending = None if aggregate is None else self._ending(aggregate, given or {})
        identity = admission.own_id(batch)
        resumed = batch is not None and await self._is_there(identity, terms, ending)
        filling = Filling(self, identity, terms, resumed, opened, patience)
        await filling.open(ending, name)
        return filling

    async def close_batch(self, batch: str) -> BatchView:
        """All lines are in."""
        await self.transport.send(self._batches.close(batch))
        return await self.batch(batch)

    async def batch(self, batch: str) -> BatchView:
        """A batch as it is now.

        Raises:
            NotFound: no such batch, or it was purged.
        """
        calls = BatchCalls(Keys(shard_of(checked_id(batch))))
        now, head = await self.transport.send_all([self.calls.time(), calls.head(batch)])
        if not head:
            raise await not_found(self.transport, batch, UnknownBatch(batch))
        return view_batch(batch, head, now)

    async def batches(self, most: int = 50) -> list[BatchView]:
        """The newest batches."""
        found = await self.transport.send(self._batches.newest(most))
        now, *heads = await self.transport.send_all([self.calls.time(), *(self._batches.head(b) for b, _ in found)])
        return [view_batch(batch, head, now) for (batch, _), head in zip(found, heads, strict=True) if head]

    async def wait_batch(self, batch: str, seconds: float) -> BatchView:
        """The batch once all its documents have ended, or as it is after so long: told by its channel, not by polling."""
        deadline = asyncio.get_running_loop().time() + seconds
        async with self.transport.listen(Keys(shard_of(checked_id(batch))).batch(batch)) as bell:
            while True:
                view = await self.batch(batch)
                left = deadline - asyncio.get_running_loop().time()
                if view.is_final or left <= 0:
                    return view
                await bell.wait(min(left, LOOK_AGAIN))

    async def outcomes(self, batch: str, first: int = 1) -> AsyncGenerator[Outcome, None]:
        """What became of each line, in order, refused ones included; those that have not ended say so.

        Args:
            first: the line to begin with.
        """
        view = await self.batch(batch)
        last = view.documents + view.refused
        for line in range(first, last + 1, PAGE):
            for outcome in await self._outcomes(batch, line, min(line + PAGE - 1, last)):
                yield outcome

    async def cancel_batch(self, batch: str, why: str = "someone asked for its end") -> BatchView:
        """End a batch: it takes no more lines, and its documents are cancelled; its aggregate still runs, and is told.

        Raises:
            NotFound: no such batch.
        """
        while (word := await self.transport.send(self._batches.cancel(checked_id(batch), why))) == "again":
            pass
        if word == "unknown":
            raise await not_found(self.transport, batch, UnknownBatch(batch))
        return await self.batch(batch)

    async def refused(self, batch: str) -> dict[int, str]:
        """Some of the lines that were refused, and why; all where they are few."""
        return await self.transport.send(BatchCalls(Keys(shard_of(checked_id(batch)))).some_refused(batch))

    async def _is_there(self, batch: str, terms: Terms, ending: Ending | None) -> bool:
        """Whether it was opened before.

        Raises:
            UsageError: it was, for something else.
        """
        head = await self.transport.send(self._batches.head(batch))
        asked = (terms.pipeline.name, ending[0].name if ending else "", ending[1] if ending else "", terms.tenant)
        names = [head.get(field, "").partition("@")[0] for field in ("pipeline", "aggregate")]
        if head.get("state") == "open" and asked != (*names, head.get("given", ""), head["tenant"]):
            then = f"pipeline {names[0]}, {f'aggregate {names[1]}' if names[1] else 'no aggregate'}, tenant {head['tenant']}"
            raise UsageError(f"batch {batch} was opened for {then}: go on with the same, and the same --given")
        return bool(head)

    async def _outcomes(self, batch: str, first: int, last: int) -> list[Outcome]:
        raw = await converse(self.transport, batch, first, last)
        return await asyncio.to_thread(lambda: [one.read(self.blobs) for one in raw])

    def _ending(self, aggregate: str, given: Mapping[str, Any]) -> Ending:
        """The aggregate's pipeline, and its other parameters as JSON without the braces."""
        chosen = self.registry.named(aggregate)
        if chosen.parameters.get("batch") is not EndedBatch:
            told = f"pipeline {aggregate!r} cannot be an aggregate: it needs a parameter `batch` of type EndedBatch"
            raise UsageError(told, "aggregate")
        if "batch" in given:
            raise UsageError("the aggregate's parameter 'batch' is filled in by docmill: leave it out", "given")
        whole = chosen.input_json({**given, "batch": EndedBatch("0-0")})
        rest = {name: value for name, value in msgspec.json.decode(whole).items() if name != "batch"}
        return chosen, msgspec.json.encode(rest).decode()[1:-1]


async def converse(transport: Asynchronous, batch: str, first: int, last: int) -> "list[Any]":
    """Lead the conversation that reads a page of outcomes."""
    talk = page(batch, first, last)
    calls = next(talk)
    while True:
        try:
            calls = talk.send(await transport.send_all(calls))
        except StopIteration as end:
            return end.value
