"""What is known of the pipelines that the ledger's documents go through, and of what docmill makes of a document's end."""

from collections.abc import Iterator

from orchestrator.graph import Pipeline
from tests.support.pipelines import chain, moods, shouting
from worker.pipelines.deliver import deliver

LANES = ("gpu", "llm", "cpu", "hooks")
HOOK, WHOSE = "h1", "acme"
"""The one receiver of webhooks, and the tenant whose documents it is told of."""
assert shouting.on_finish is not None
TELLING = shouting.on_finish


class Known:
    """A pipeline, as it was compiled."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._plan = pipeline.plan
        self.sinks = self._plan["sinks"].split()

    def retries(self, step: str) -> int:
        """Attempts after the first."""
        return int(self._plan.get(f"retries:{step}", 0))

    def lane(self, step: str) -> str:
        """Where its jobs wait."""
        return self._plan[f"lane:{step}"]


PIPELINES = {one.id: Known(one) for one in (chain, moods, shouting, TELLING, deliver)}


def name_of(pipeline: Pipeline) -> str:
    """As metrics have it."""
    return pipeline.id.partition("@")[0]


def made_as(document: str) -> str:
    """What docmill made it for: `finish`, `hook`; empty where somebody submitted it."""
    return next((word for word in ("hook", "finish") if f".{word}" in document), "")


def followers_of(document: str, pipeline: Pipeline, life: int, tenant: str) -> Iterator[tuple[str, Pipeline]]:
    """The documents that its end makes."""
    if made_as(document):
        return
    if pipeline.on_finish is not None:
        yield f"{document}.finish{life or ''}", pipeline.on_finish
    if tenant == WHOSE:
        yield f"{document}.hook{life or ''}-{HOOK}", deliver
