"""The mill as a client sees it: submit, get, wait. The API and the command line stand on it."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Self

from orchestrator.blobs import INLINE
from orchestrator.connection import check_server
from orchestrator.errors import UsageError
from orchestrator.failpoints import failpoint
from orchestrator.graph import Pipeline
from orchestrator.ids import checked_id, new_id
from orchestrator.keys import shard_of
from orchestrator.lanes import known_lane
from orchestrator.reading import Reading
from orchestrator.registry import Registry, load_registry
from orchestrator.settings import Settings
from orchestrator.source import Source, store_source

URGENT, USUAL = 9, 5


class Mill(Reading):
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
        document = own_id(document)
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
        document = own_id(more.pop("document", None))
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


def own_id(given: str | None) -> str:
    """The id that a client made, checked, or a new one.

    Raises:
        UsageError: it is not one, or names another shard or an on_finish document.
    """
    if given is None:
        return new_id()
    if checked_id(given).endswith(".finish") or shard_of(given) != 0:
        raise UsageError(f"{given!r} cannot be a new document's id: make it with new_id()")
    return given


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
        shared, is_async = known_lane(lane).shared, pipeline.calls[step].step.is_async
        if shared != is_async:
            why = "it is async, and that lane is not shared" if is_async else "it is not async, and that lane is shared"
            raise UsageError(f"step {step!r} cannot go to lane {lane!r}: {why}")
