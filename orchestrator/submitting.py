"""Submitting documents: checked, stored, accepted in one script call."""

import asyncio
import math
import time
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from orchestrator import admission
from orchestrator.admission import USUAL
from orchestrator.blobs import INLINE
from orchestrator.calls.once import Once
from orchestrator.errors import LaneFull, UsageError
from orchestrator.failpoints import failpoint
from orchestrator.graph import Pipeline
from orchestrator.registry import Registry
from orchestrator.source import Source, store_source
from orchestrator.steering import Steering
from orchestrator.tracing import current, span

FULL_FOR = 0.5
"""Seconds until a batch tries again to bring in documents whose lane is full."""


class Submitting(Steering):
    """Accepts documents."""

    registry: Registry

    async def submit(
        self,
        pipeline: str,
        parameters: Mapping[str, Any],
        *,
        priority: int = USUAL,
        tenant: str = "default",
        lanes: Mapping[str, str] | None = None,
        delay: float = 0.0,
        not_before: datetime | float | None = None,
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
            not_before: when it may start, instead: a datetime with a time zone, or seconds of the epoch.
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
        start = None if not_before is None else admission.moment(not_before)
        once = admission.only_once(once, chosen, parameters, (priority, lanes or {}, start or delay, deadline))
        delay = admission.wait(delay, start, await self._now(start), limit)
        told = {"docmill.document": document, "docmill.pipeline": chosen.id, "docmill.tenant": tenant}
        with span("submit document", "producer", told | {"docmill.priority": priority}):
            value = chosen.input_json(dict(parameters))
            if len(value) > INLINE:  # else nothing is written, and a thread's turn would cost a fifth of the submission
                value = await asyncio.to_thread(self.by_reference, chosen, document, value)
            answer = await self._submit(
                chosen,
                [(document, value)],
                priority=priority, tenant=tenant, lanes=lanes, delay=delay, deadline=limit, once=once,
                unwanted={document: chosen.unwanted(dict(parameters))}, trace=current(),
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

    async def _now(self, start: float | None) -> float:
        """The server's clock, where it is needed."""
        return 0.0 if start is None else await self.transport.send(self.calls.time())

    def by_reference(self, pipeline: Pipeline, document: str, value: bytes) -> bytes:
        """Large parameters go to the blob store, and a reference into Redis.

        Raises:
            UsageError: the pipeline needs them where scripts can look.
        """
        if len(value) <= INLINE:
            return value
        pipeline.check_size(value, INLINE)
        path = f"{document}/input.json"
        self.blobs.put(path, value)
        failpoint("submit.stored")
        return b"@" + path.encode()

    async def _submit(
        self, pipeline: Pipeline, documents: Sequence[tuple[str, bytes]], **options: Any
    ) -> Sequence[str]:
        answer = await self.transport.send(self.calls.submit(pipeline.id, documents, **options))
        if answer != ["unknown-pipeline"]:
            return answer
        await self.register(pipeline)
        return await self.transport.send(self.calls.submit(pipeline.id, documents, plan=pipeline.plan, **options))

    async def register(self, pipeline: Pipeline) -> None:
        """Let the server know a pipeline before there is a document of it."""
        for one in filter(None, (pipeline.on_finish, pipeline)):
            await self.transport.send(self.calls.submit(one.id, [], plan=one.plan))

    async def submit_members(
        self,
        pipeline: Pipeline,
        documents: Sequence[tuple[str, bytes]],
        batch: str,
        unwanted: Mapping[str, str],
        *,
        patience: float = math.inf,
        **options: Any,
    ) -> None:
        """Accept documents of a batch; while a lane is full, wait for it.

        Args:
            patience: seconds for which it is waited for.

        Raises:
            UsageError: the batch takes no more. LaneFull: there was no room in that time.
        """
        give_up = time.monotonic() + patience
        while True:
            answer = await self._submit(pipeline, documents, batch=batch, unwanted=unwanted, **options)
            if answer[0] == "accepted":
                return
            if answer[0] != "full":
                raise UsageError(f"batch {batch} takes no more lines: it was closed or cancelled meanwhile")
            if time.monotonic() >= give_up:
                raise LaneFull(answer[1])
            await asyncio.sleep(FULL_FOR)
