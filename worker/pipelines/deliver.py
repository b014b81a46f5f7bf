"""`deliver`: one receiver is told of one document's end."""

from orchestrator import pipeline
from orchestrator.hooks import Notice
from worker.steps.deliver import tell


@pipeline(version="1")
def deliver(notice: Notice) -> int:
    """A document of its own, so that it is kept, tried again, listed and replayed as any other."""
    return tell(notice)
