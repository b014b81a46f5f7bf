"""The pipelines that a client can submit to: those that it is handed, and those that the settings name."""

from typing import Any

from orchestrator.errors import NotFound, UsageError
from orchestrator.graph import Pipeline
from orchestrator.registry import Registry, load_registry
from orchestrator.settings import Settings, load_settings


class Pipelines(Registry):
    """Imports what the settings name only when something is submitted by such a name."""

    def __init__(self) -> None:
        super().__init__([])
        self.settings: Settings | None = None
        """Known once the client is connected."""
        self._handed: dict[str, Pipeline] = {}
        self._loaded: Registry | None = None

    def hand(self, pipeline: str | Pipeline) -> str:
        """What to submit to, in words that `named` understands.

        Raises:
            NotFound: there is none of that name. UsageError: it is neither a pipeline nor a name.
        """
        if isinstance(pipeline, Pipeline):
            self._handed[pipeline.id] = pipeline
            return pipeline.id
        given: Any = pipeline
        if not isinstance(given, str):
            raise UsageError(f"{given!r} is no pipeline: give one that @pipeline made, or its name")
        self.named(given)
        return given

    def named(self, name: str) -> Pipeline:
        """The pipeline of that name, or of that id where it was handed over.

        Raises:
            NotFound: the text lists those there are. PipelineError: the settings name one that cannot be loaded.
        """
        if name in self._handed:
            return self._handed[name]
        if self._loaded is None:
            self._loaded = load_registry(self.settings or load_settings())
        try:
            return self._loaded.named(name)
        except NotFound as problem:
            raise NotFound(f"{problem}; or name its module in DOCMILL_PIPELINES, or hand over the pipeline") from None
