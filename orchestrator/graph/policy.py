"""All that a step may say of how it is run, and in which lane."""

from dataclasses import dataclass

from orchestrator.graph.caching import Cache
from orchestrator.graph.conditions import Condition
from orchestrator.graph.failing import OnFailure
from orchestrator.graph.limits import Batch, Concurrency, Limits
from orchestrator.retry import RetryPolicy


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The options of `@step`, checked."""

    lane: str
    version: str
    model: str | None
    retry: RetryPolicy
    limits: Limits
    batch: Batch | None
    on_failure: OnFailure
    when: Condition | None
    concurrency: Concurrency | None
    max_ahead: int | None
    cache: Cache | None
