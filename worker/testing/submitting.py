"""How a test hands documents over."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, cast

from orchestrator.clients import Client
from orchestrator.clients.session import Session
from orchestrator.errors import UsageError
from orchestrator.graph import Pipeline
from orchestrator.lanes import known_lanes
from worker.testing.readable import readable
from worker.testing.registry import OwnRegistry
from worker.testing.runner import Runner


class Submitting:
    """Pipelines are known from when they are first used."""

    client: Client
    _lanes: Sequence[str] | None
    _registry: OwnRegistry
    _runner: Runner

    def use(self, *pipelines: Pipeline) -> None:
        """Know pipelines that something else than `submit` of this mill submits to.

        Raises:
            UsageError: one of them is a name, or something else.
        """
        if named := [given for given in cast("Sequence[Any]", pipelines) if not isinstance(given, Pipeline)]:
            raise UsageError(f"{named[0]!r} is no pipeline: hand over what @pipeline made, not its name")
        new = [self._registry.add(pipeline) for pipeline in pipelines]
        lanes = list(self._lanes if self._lanes is not None else known_lanes())
        if any(new) or self._runner.lanes != lanes:
            self._runner.prepare(lanes)

    @readable
    def submit(self, pipeline: Pipeline, /, **given: Any) -> str:
        """Submit a document; nothing runs before `run_until_idle`, `run_one` or a worker runs it.

        Args:
            given: the pipeline's parameters, and what `Client.submit` takes: file, priority, delay, unique and so on.

        Returns:
            The document's id.
        """
        self.use(pipeline)
        return self.client.submit(pipeline, **given)

    @readable
    def submit_batch(
        self, pipeline: Pipeline, lines: Iterable[Mapping[str, Any]], *, aggregate: Pipeline | None = None, **given: Any
    ) -> str:
        """Submit documents as one batch.

        Args:
            lines: the parameters of each.
            aggregate: runs when the last of them has ended.
            given: what `Mill.submit_batch` takes besides.

        Returns:
            The batch's id.
        """
        self.use(pipeline, *([aggregate] if aggregate else []))

        async def submit(session: Session) -> str:
            mill, name = await session.connect(), await session.named(pipeline)
            ending = None if aggregate is None else await session.named(aggregate)
            return (await mill.submit_batch(name, lines, aggregate=ending, **given)).id

        return self.client.perform(submit)
