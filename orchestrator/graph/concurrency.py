"""Whether the limits of a pipeline's steps speak of what there is."""

from collections.abc import Container, Mapping

from orchestrator.errors import PipelineError
from orchestrator.graph.nodes import Call


def check_concurrency(name: str, calls: Mapping[str, Call], parameters: Container[str]) -> None:
    """Refuse a limit by what is no parameter of the pipeline.

    Raises:
        PipelineError: the text names the step.
    """
    for call in calls.values():
        by = call.step.concurrency.by if call.step.concurrency else None
        if by is not None and by != "tenant" and by not in parameters:
            raise PipelineError(
                f"pipeline {name!r}: the concurrency of step {call.name!r} is by {by!r}, which is neither 'tenant' nor a "
                "parameter of the pipeline"
            )
