"""The mill as a client sees it: submit, get, wait, steer. The API and the command line stand on it."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

from orchestrator import admission
from orchestrator.admission import USUAL
from orchestrator.blobs import INLINE
from orchestrator.calls.once import Once
from orchestrator.connection import check_server
from orchestrator.errors import UsageError
from orchestrator.failpoints import failpoint
from orchestrator.graph import Pipeline
from orchestrator.registry import Registry, load_registry
from orchestrator.settings import Settings
from orchestrator.source import Source, store_source
from orchestrator.steering import Steering


class Mill(Steering):
    """A connection to docmill.

    Args:
        redis_url: where the state is.
        settings: the rest.
    """

    def __init__(self, redis_url: str, settings: Settings, registry: Registry | None = None) -> None:
        super().__init__(redis_url, settings)
        self.registry = registry or load_registry(settings)

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
        deadline: float | None = None,
        once: Once | None = None,
        document: str | None = None,
    ) -> str:
        """Accept one document; once this returns, it will reach a final state.

        Args:
            parameters: of the pipeline function.
            priority: 9 (urgent) to 0.
            lanes: step -> lane, where it should differ from the pipeline's.
            delay: seconds until it may start.
            deadline: seconds until it must have ended, else it fails; None takes the pipeline's.
            once: what keeps it from being accepted twice; its digest is worked out here.
            document: its id, where the caller made it; the same id again changes nothing.

        Returns:
            The document's id; with an idempotency key that was used before, that of the document of then.

        Raises:
            UsageError: an unknown pipeline, parameter or lane, or a priority outside 0 to 9.
            KeyReused: the key was used for something else. Taken: another document has the unique name.
        """
        chosen = self.registry.named(pipeline)
        admission.check(chosen, priority, lanes or {})
        limit = chosen.deadline if deadline is None else admission.deadline(deadline)
        document = admission.own_id(document)
        once = admission.only_once(once, chosen, parameters, (priority, lanes or {}, delay, deadline))
        value = await self._by_reference(document, chosen.input_json(dict(parameters)))
        answer = await self._submit(
            chosen,
            [(document, value)],
            priority=priority, tenant=tenant, lanes=lanes, delay=delay, deadline=limit, once=once,
        )  # fmt: skip
        if answer[0] == "accepted":
            return document
        failpoint("submit.refused")
        await asyncio.to_thread(
            self.blobs.delete, document
        )  # what was stored for it; else it is collected as an orphan
        return admission.refused(answer[0], answer[1], once)

    async def submit_file(self, name: str, content: IO[bytes], *, pipeline: str = "document", **more: Any) -> str:
        """Copy a file into the blob store and submit it to a pipeline that has a parameter `source`.

        Args:
            more: `parameters` of the pipeline besides `source`, and what `submit` takes.
        """
        parameters = dict(more.pop("parameters", {}))
        chosen = self.registry.named(pipeline)
        if "source" not in chosen.parameters:
            raise UsageError(f"pipeline {pipeline!r} takes no file: it has no parameter 'source'")
        admission.check(chosen, more.get("priority", USUAL), more.get("lanes") or {})
        chosen.input_json({**parameters, "source": Source(name, "")})  # refused before anything is stored
        document = admission.own_id(more.pop("document", None))
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

    async def _by_reference(self, document: str, value: bytes) -> bytes:
        """Large parameters go to the blob store, and a reference into Redis."""
        if len(value) <= INLINE:
            return value
        path = f"{document}/input.json"
        await asyncio.to_thread(self.blobs.put, path, value)
        failpoint("submit.stored")
        return b"@" + path.encode()

    async def _submit(
        self, pipeline: Pipeline, documents: Sequence[tuple[str, bytes]], **options: Any
    ) -> Sequence[str]:
        answer = await self.transport.send(self.calls.submit(pipeline.id, documents, **options))
        if answer != ["unknown-pipeline"]:
            return answer
        if pipeline.on_finish is not None:
            await self.transport.send(self.calls.submit(pipeline.on_finish.id, [], plan=pipeline.on_finish.plan))
        return await self.transport.send(self.calls.submit(pipeline.id, documents, plan=pipeline.plan, **options))
