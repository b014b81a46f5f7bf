"""Asks Redis for the supervisor, which must look after its processes also while Redis is away."""

import time
from typing import TypeVar

from orchestrator.calls import Call
from orchestrator.connection import Blocking
from orchestrator.errors import ServerError
from orchestrator.logs import logger
from orchestrator.metrics.of_worker import WorkerMetrics

T = TypeVar("T")

log = logger(__name__)

PATIENCE = 1.0
"""Seconds for an unreachable Redis, before the supervisor looks after its processes again."""


class Asking:
    """Sends calls, and measures them.

    Args:
        metrics: of the worker.
    """

    def __init__(self, redis_url: str, metrics: WorkerMetrics) -> None:
        self._transport, self._metrics = Blocking(redis_url, patience=PATIENCE), metrics

    def ask(self, call: Call[T]) -> T | None:
        """Its answer; None where Redis is away."""
        began = time.monotonic()
        try:
            answer = self._transport.send(call)
        except ServerError as problem:
            log.warning("redis is away", problem=str(problem))
            self._metrics.redis_failed()
            return None
        self._metrics.answered(time.monotonic() - began)
        return answer
