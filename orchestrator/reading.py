"""What can be known of documents: one as it is now, one when it is final, its outputs, lists."""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Any

import msgspec

from orchestrator.blobs import Blobs
from orchestrator.calls import DocumentCalls, DutyCalls
from orchestrator.connection import Asynchronous
from orchestrator.errors import NotFound
from orchestrator.ids import checked_id, is_of_finish
from orchestrator.keys import Keys, shard_of
from orchestrator.missing import not_found
from orchestrator.reasons import Serving, explain
from orchestrator.selecting import Selection, select
from orchestrator.settings import Settings
from orchestrator.states import FINAL_DOCUMENT
from orchestrator.views import Document, iso, view_document

LOOK_AGAIN = 15.0
"""Seconds: a waiter looks again even where it heard nothing."""
PAGE = 500
"""Items of a list that are read in one round trip."""


class Reading:
    """Reads documents; changes nothing.

    Args:
        redis_url: where the state is.
    """

    def __init__(self, redis_url: str, settings: Settings) -> None:
        self.settings = settings
        self.blobs = Blobs(settings.blobs)
        self.transport = Asynchronous(redis_url)
        self.calls, self.duties = DocumentCalls(Keys()), DutyCalls(Keys())

    async def get(self, document: str) -> Document:
        """A document as it is now.

        Raises:
            NotFound: no such document, or it was purged.
        """
        keys = Keys(shard_of(checked_id(document)))
        calls = DocumentCalls(keys)
        head, data, log = await self.transport.send_all(
            [calls.head(document), calls.data(document), calls.log(document)]
        )
        if not head:
            raise await not_found(self.transport, document)
        plan = await self.transport.send(calls.plan(head["pipeline"]))
        done = await self._items_done(calls, document, plan)
        view = view_document(document, head, plan, _decode(data), done, log)
        if not view.is_final:
            explain(view, await self.serving({step.lane for step in view.steps if step.state == "ready"}))
        return view

    async def wait(self, document: str, seconds: float) -> Document:
        """The document once it is final, or as it is after so long: told by its channel, not by polling."""
        keys = Keys(shard_of(checked_id(document)))
        deadline = asyncio.get_running_loop().time() + seconds
        async with self.transport.listen(keys.doc(document)) as bell:
            while True:
                async with self.transport.crowd:
                    head = await self.transport.send(DocumentCalls(keys).head(document))
                    left = deadline - asyncio.get_running_loop().time()
                    if not head or head["status"] in FINAL_DOCUMENT or left <= 0:
                        return await self.get(document)
                await bell.wait(min(left, LOOK_AGAIN))

    async def output(self, document: str, step: str) -> Any:
        """The whole output of one step, large or a list or not.

        Raises:
            NotFound: the step has no output (yet).
        """
        calls = DocumentCalls(Keys(shard_of(checked_id(document))))
        head = await self.transport.send(calls.head(document))
        (value,) = await self.transport.send(calls.values(document, [step]))
        size = int(head.get(f"{step}.items", -1))
        if head.get(f"{step}.state") != "done" or (value is None and size < 0):
            raise NotFound(f"step {step!r} of {document} has no output: it is {head.get(f'{step}.state', 'unknown')}")
        if value is not None:
            return msgspec.json.decode(await self._resolve(value))
        return await self.items(document, step, size)

    async def items(self, document: str, step: str, size: int) -> "list[Any]":
        """The first `size` items of a list output, None where one has not been made; also of a step that goes on or failed."""
        calls = DocumentCalls(Keys(shard_of(checked_id(document))))
        pages = [range(first, min(first + PAGE, size)) for first in range(0, size, PAGE)]
        items = [item for page in pages for item in await self.transport.send(calls.items(document, step, page))]
        return [None if item is None else msgspec.json.decode(await self._resolve(item)) for item in items]

    async def parameters(self, document: str) -> dict[str, Any]:
        """What it was submitted with, defaults included; its file is `source`.

        Raises:
            NotFound: no such document.
        """
        (value,) = await self.transport.send(
            DocumentCalls(Keys(shard_of(checked_id(document)))).values(document, ["input"])
        )
        if value is None:
            raise await not_found(self.transport, document)
        return msgspec.json.decode(await self._resolve(value))

    async def list(
        self, status: str | None = None, most: int = 50, *, flag: str | None = None, pipeline: str | None = None
    ) -> list[Document]:
        """Documents, newest first: those of a status, that carry a flag, of a pipeline; or all.

        Raises:
            UsageError: no such status, or a flag that cannot be.
        """
        chosen = Selection((status,) if status is not None else (), pipeline, flag=flag)
        chosen.check()
        look_at, more = most, True
        views: Sequence[Document] = ()
        # Some that an index names are of on_finish, or have another status than is asked for: then more are looked at.
        while len(views) < most and more:
            look_at *= 2
            found = await self.transport.send_all([self.calls.by_status(index, look_at) for index in chosen.indexes])
            views, more = await self._chosen(found, chosen), any(len(ids) == look_at for ids in found)
        return [*views[:most]]

    async def _chosen(self, found: Sequence[Sequence[str]], selection: Selection) -> Sequence[Document]:
        ids = sorted((i for ids in found for i in ids if not is_of_finish(i)), reverse=True)
        heads = await self.transport.send_all([self.calls.head(i) for i in ids])
        views = [view_document(i, head, {}, {}, {}, []) for i, head in zip(ids, heads, strict=True) if head]
        return [view for view in views if selection.takes(view)]

    def select(self, selection: Selection) -> AsyncIterator[Document]:
        """The documents that are meant, as their heads tell; see `selecting`."""
        return select(self.transport, self.calls.keys, selection)

    async def paused(self) -> dict[str, str]:
        """What is paused, `lane:<name>`, `pipeline:<name>` and `tenant:<name>`, and since when (ISO 8601)."""
        lanes, others = await self.transport.send_all([self.calls.lanes(), self.duties.paused()])
        facts = await self.transport.send_all([self.calls.lane(lane) for lane in lanes])
        told = {f"lane:{lane}": known["paused"] for lane, known in zip(lanes, facts, strict=True) if "paused" in known}
        return {what: iso(since) or "" for what, since in (told | others).items()}

    async def serving(self, lanes: AbstractSet[str] = frozenset()) -> Serving:
        """What the live workers serve, and what is known of these lanes."""
        names = sorted(lanes)
        asked = [self.calls.time(), self.calls.workers(), self.duties.paused(), *(self.calls.lane(n) for n in names)]
        now, workers, paused, *facts = await self.transport.send_all(asked)
        records = await self.transport.send_all([self.calls.worker(worker) for worker in workers])
        return Serving(records, now, self.settings.lease, dict(zip(names, facts, strict=True)), paused)

    async def _items_done(self, calls: DocumentCalls, document: str, plan: Mapping[str, str]) -> dict[str, int]:
        mapped = [field.removeprefix("over:") for field in plan if field.startswith("over:")]
        counts = await self.transport.send_all([calls.items_done(document, step) for step in mapped])
        return dict(zip(mapped, counts, strict=True))

    async def _resolve(self, value: bytes) -> bytes:
        if not value.startswith(b"@"):
            return value
        return await asyncio.to_thread(self.blobs.get, value[1:].decode())


def _decode(data: Mapping[str, bytes]) -> dict[str, Any]:
    """Outputs by step; a blob's reference stays one."""
    decoded: dict[str, Any] = {}
    for step, value in data.items():
        if step != "input" and "." not in step:  # a checkpoint is no output
            decoded[step] = {"blob": value[1:].decode()} if value.startswith(b"@") else msgspec.json.decode(value)
    return decoded
