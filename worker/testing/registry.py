"""The pipelines of one mill: handed over as they are, wherever they were written."""

from orchestrator.errors import NotFound
from orchestrator.graph import Pipeline
from orchestrator.registry import Registry
from worker.testing.instruments import Instruments


class OwnRegistry(Registry):
    """Grows as pipelines are used; hands out instrumented ones."""

    def __init__(self, instruments: Instruments) -> None:
        super().__init__(())
        self._instruments = instruments
        self.given: dict[str, Pipeline] = {}
        """By name, as the test has them."""

    def add(self, pipeline: Pipeline) -> bool:
        """Know a pipeline, also one that has the name of another; returns whether it is new."""
        if self.given.get(pipeline.name) is pipeline:
            return False
        self.given[pipeline.name] = pipeline
        known = Registry([*self._by_name.values(), self._instruments.pipeline(pipeline)])
        self._by_name, self._by_id = known._by_name, {**self._by_id, **known._by_id}
        return True

    def of(self, document: str, pipeline_id: str) -> Pipeline:
        """The pipeline of a document.

        Raises:
            NotFound: this mill never saw it.
        """
        if pipeline_id not in self._by_id:
            raise NotFound(
                f"document {document} is of pipeline {pipeline_id}, which this mill was not given: use(pipeline)"
            )
        return self._by_id[pipeline_id]
