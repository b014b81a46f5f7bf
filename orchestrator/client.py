"""The mill as a client sees it: submit, get, wait. The API and the command line stand on it."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

import msgspec

from orchestrator.blobs import Blobs
from orchestrator.calls import DocumentCalls
from orchestrator.connection import Asynchronous, check_server
from orchestrator.errors import NotFound, UsageError
from orchestrator.failpoints import failpoint
from orchestrator.graph import Pipeline
from orchestrator.ids import checked_id, new_id
from orchestrator.keys import Keys, shard_of
from orchestrator.lanes import known_lane
from orchestrator.reasons import Serving, explain
from orchestrator.registry import Registry, load_registry
from orchestrator.settings import Settings
from orchestrator.source import Source, store_source
from orchestrator.states import FINAL_DOCUMENT, DocumentState
from orchestrator.views import Document, view_document

URGENT, USUAL = 9, 5
LOOK_AGAIN = 5.0
"""Seconds: a waiter looks again even where it heard nothing."""


class Mill:
    """A connection to docmill.

    Args:
        redis_url: where the state is.
        settings: the rest.
    """

    def __init__(self, redis_url: str, settings: Settings, registry: Registry | None = None) -> None:
        self.settings = settings
        self.registry = registry or load_registry(settings)
        self.blobs = Blobs(settings.blobs)
        self.transport = Asynchronous(redis_url)
        self.calls = DocumentCalls(Keys())

    @classmethod
    def connect(cls, redis_url: str, settings: Settings) -> Self:
        """Check the server, then connect.

        Raises:
            ServerError: it cannot be used; the text says why and what to do.
        """
        check_server(redis_url)
        return cls(redis_url, settings)

    async def close(self) -> None:
        """End the connections."""
        await self.transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def submit(
        self,
        pipeline: str,
        parameters: Mapping[str, Any],
        *,
        priority: int = USUAL,
        tenant: str = "default",
        lanes: Mapping[str, str] | None = None,
        delay: float = 0.0,
        document: str | None = None,
    ) -> str:
        """Accept one document; once this returns, it will reach a final state.

        Args:
            parameters: of the pipeline function.
            priority: 9 (urgent) to 0.
            lanes: step -> lane, where it should differ from the pipeline's.
            delay: seconds until it may start.
            document: its id, where the caller made it; the same id again changes nothing.

        Returns:
            The document's id.

        Raises:
            UsageError: an unknown pipeline, parameter or lane, or a priority outside 0 to 9.
        """
        chosen = self.registry.named(pipeline)
        check_submission(chosen, priority, lanes or {})
        document = document or new_id()
        value = await self._by_reference(document, chosen.input_json(dict(parameters)))
        answer = await self._submit(
            chosen, [(document, value)], priority=priority, tenant=tenant, lanes=lanes, delay=delay
        )
        assert answer[0] == "accepted", answer
        return document

    async def submit_file(self, name: str, content: IO[bytes], *, pipeline: str = "document", **more: Any) -> str:
        """Copy a file into the blob store and submit it to a pipeline that has a parameter `source`.

        Args:
            more: `parameters` of the pipeline besides `source`, and what `submit` takes.
        """
        parameters = dict(more.pop("parameters", {}))
        chosen = self.registry.named(pipeline)
        if "source" not in chosen.parameters:
            raise UsageError(f"pipeline {pipeline!r} takes no file: it has no parameter 'source'")
        check_submission(chosen, more.get("priority", USUAL), more.get("lanes") or {})
        chosen.input_json({**parameters, "source": Source(name, "")})  # refused before anything is stored
        document = more.pop("document", None) or new_id()
        parameters["source"] = await asyncio.to_thread(store_source, self.blobs, document, name, content)
        failpoint("submit.stored")
        return await self.submit(pipeline, parameters, document=document, **more)

    async def submit_path(self, path: Path, **more: Any) -> str:
        """Submit a file of this machine.

        Raises:
            UsageError: it cannot be read.
        """
        try:
            with path.open("rb") as content:
                return await self.submit_file(path.name, content, **more)
        except OSError as problem:
            raise UsageError(f"{path}: cannot be read ({problem.strerror})") from None

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
            raise NotFound(
                f"there is no document {document}: it was never submitted, or was purged after its retention"
            )
        plan = await self.transport.send(calls.plan(head["pipeline"]))
        done = await self._items_done(calls, document, plan)
        view = view_document(document, head, plan, _decode(data), done, log)
        if not view.is_final:
            explain(view, await self.serving())
        return view

    async def wait(self, document: str, seconds: float) -> Document:
        """The document once it is final, or as it is after so long: told by its channel, not by polling."""
        keys = Keys(shard_of(checked_id(document)))
        deadline = asyncio.get_running_loop().time() + seconds
        async with self.transport.listen(keys.doc(document)) as listener:
            while True:
                head = await self.transport.send(DocumentCalls(keys).head(document))
                left = deadline - asyncio.get_running_loop().time()
                if not head or head["status"] in FINAL_DOCUMENT or left <= 0:
                    return await self.get(document)
                await listener.wait(min(left, LOOK_AGAIN))

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
        items = await self.transport.send(calls.items(document, step, range(size))) if size else []
        return [msgspec.json.decode(await self._resolve(item)) for item in items if item is not None]

    async def list(self, status: str | None = None, most: int = 50) -> list[Document]:
        """Documents, newest first; of one status, or of all.

        Raises:
            UsageError: no such status.
        """
        if status is not None and status not in set(DocumentState):
            raise UsageError(f"there is no status {status!r}: use one of {', '.join(DocumentState)}")
        found = await self.transport.send_all(
            [self.calls.by_status(s, most) for s in ([status] if status else DocumentState)]
        )
        ids = sorted((i for ids in found for i in ids if not i.endswith(".finish")), reverse=True)[:most]
        heads = await self.transport.send_all([self.calls.head(i) for i in ids])
        return [view_document(i, head, {}, {}, {}, []) for i, head in zip(ids, heads, strict=True) if head]

    async def serving(self) -> Serving:
        """What the live workers serve."""
        now, workers = await self.transport.send_all([self.calls.time(), self.calls.workers()])
        records = await self.transport.send_all([self.calls.worker(worker) for worker in workers])
        return Serving(records, now, self.settings.lease)

    async def _submit(
        self, pipeline: Pipeline, documents: Sequence[tuple[str, bytes]], **options: Any
    ) -> Sequence[str]:
        answer = await self.transport.send(self.calls.submit(pipeline.id, documents, **options))
        if answer != ["unknown-pipeline"]:
            return answer
        if pipeline.on_finish is not None:
            await self.transport.send(self.calls.submit(pipeline.on_finish.id, [], plan=pipeline.on_finish.plan))
        return await self.transport.send(self.calls.submit(pipeline.id, documents, plan=pipeline.plan, **options))

    async def _items_done(self, calls: DocumentCalls, document: str, plan: Mapping[str, str]) -> dict[str, int]:
        mapped = [field.removeprefix("over:") for field in plan if field.startswith("over:")]
        counts = await self.transport.send_all([calls.items_done(document, step) for step in mapped])
        return dict(zip(mapped, counts, strict=True))

    async def _resolve(self, value: bytes) -> bytes:
        if not value.startswith(b"@"):
            return value
        return await asyncio.to_thread(self.blobs.get, value[1:].decode())


def check_submission(pipeline: Pipeline, priority: int, lanes: Mapping[str, str]) -> None:
    """Refuse what cannot be, before anything is stored.

    Raises:
        UsageError: the text names the allowed values.
    """
    if not 0 <= priority <= URGENT:
        raise UsageError(f"priority {priority} is not possible: use 9 (urgent) to 0")
    for step, lane in lanes.items():
        if step not in pipeline.calls:
            raise UsageError(f"pipeline {pipeline.name!r} has no step {step!r}: it has {', '.join(pipeline.calls)}")
        shared = known_lane(lane).shared
        if shared and not pipeline.calls[step].step.is_async:
            raise UsageError(f"step {step!r} cannot go to lane {lane!r}: it is not async, and that lane is shared")


def _decode(data: Mapping[str, bytes]) -> dict[str, Any]:
    """Outputs by step; a blob's reference stays one."""
    decoded: dict[str, Any] = {}
    for step, value in data.items():
        if step != "input":
            decoded[step] = {"blob": value[1:].decode()} if value.startswith(b"@") else msgspec.json.decode(value)
    return decoded
