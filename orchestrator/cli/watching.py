"""Watch documents until they end: a few round trips a look, however many there are."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from orchestrator.cli.entries import Entry
from orchestrator.errors import NotFound, TooLate, Unreachable

if TYPE_CHECKING:
    from orchestrator.client import Mill
    from orchestrator.reasons import Serving
    from orchestrator.views import Document

LOOK = 0.2
"""Seconds between two looks."""
LOOKS_A_CHECK = 10
"""Looks between two checks that somebody works."""
PATIENCE = 30.0
"""Seconds that Redis may be away."""


class Display(Protocol):
    """Shows what happens."""

    def show(self, entry: Entry) -> None:
        """An entry as it is now; called at every look, also where nothing changed."""
        ...


class Watch:
    """Watches entries; those without an id are still to be submitted, or never were.

    Args:
        check: awaited every two seconds and when Redis is away; it sees to it that what is needed runs, or raises.
    """

    def __init__(
        self, mill: "Mill", entries: Sequence[Entry], display: Display, check: Callable[[], Awaitable[None]]
    ) -> None:
        self._mill, self._entries, self._display, self._check = mill, entries, display, check
        self._plans: dict[str, dict[str, str]] = {}
        self._serving: Serving | None = None

    async def run(self, timeout: float | None) -> None:
        """Until every entry is final.

        Raises:
            TooLate: some are not within `timeout` seconds.
            Unreachable: Redis was away for too long.
        """
        loop = asyncio.get_running_loop()
        started = heard = loop.time()
        for number in range(2**62):
            try:
                await self._look(number)
                heard = loop.time()
            except Unreachable:
                if loop.time() - heard > PATIENCE:
                    raise
                await self._check()
            left = [entry for entry in self._entries if not entry.is_final]
            if not left:
                return
            if timeout is not None and loop.time() - started > timeout:
                raise TooLate(
                    f"{len(left)} of {len(self._entries)} documents have not ended after {timeout:g} s; they go on"
                )
            await asyncio.sleep(LOOK)

    async def _look(self, number: int) -> None:
        if number % LOOKS_A_CHECK == 0:
            await self._check()
            # At the first look a worker may still be starting: that is no reason to tell.
            self._serving = await self._mill.serving(self._lanes()) if number else None
        open_entries = [entry for entry in self._entries if entry.id is not None and not entry.is_final]
        documents = await self._documents([entry.id for entry in open_entries if entry.id])
        for entry, document in zip(open_entries, documents, strict=True):
            entry.document = await self._mill.get(document.id) if document.is_final else document
        for entry in self._entries:
            self._display.show(entry)

    def _lanes(self) -> set[str]:
        return {step.lane for entry in self._entries if entry.document for step in entry.document.steps}

    async def _documents(self, ids: Sequence[str]) -> "list[Document]":
        """The documents without their outputs."""
        from orchestrator.reasons import explain
        from orchestrator.views import view_document

        heads = await self._mill.transport.send_all([self._mill.calls.head(i) for i in ids])
        if gone := [i for i, head in zip(ids, heads, strict=True) if not head]:
            raise NotFound(f"there is no document {gone[0]} any more: it was deleted while it ran")
        await self._learn_plans({head["pipeline"] for head in heads})
        done = await self._items_done(ids, heads)
        documents: list[Document] = []
        for i, head in zip(ids, heads, strict=True):
            documents.append(view_document(i, head, self._plans[head["pipeline"]], {}, done.get(i, {}), []))
            if self._serving is not None:
                explain(documents[-1], self._serving)
        return documents

    async def _learn_plans(self, pipelines: set[str]) -> None:
        missing = sorted(pipelines - set(self._plans))
        plans = await self._mill.transport.send_all([self._mill.calls.plan(pipeline) for pipeline in missing])
        self._plans |= dict(zip(missing, plans, strict=True))

    async def _items_done(self, ids: Sequence[str], heads: Sequence[dict[str, str]]) -> dict[str, dict[str, int]]:
        wanted = [
            (i, step)
            for i, head in zip(ids, heads, strict=True)
            for step in _mapped(self._plans[head["pipeline"]])
            if f"{step}.items" in head
        ]
        counts = await self._mill.transport.send_all([self._mill.calls.items_done(i, step) for i, step in wanted])
        done: dict[str, dict[str, int]] = {}
        for (i, step), count in zip(wanted, counts, strict=True):
            done.setdefault(i, {})[step] = count
        return done


def _mapped(plan: dict[str, str]) -> list[str]:
    return [field.removeprefix("over:") for field in plan if field.startswith("over:")]
