"""What a run uses: tokens of an LLM, pages, time of a card. The call that ends the run tells it, and counts it once."""

from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from orchestrator.metrics import usage


class Spent:
    """Of one run.

    Args:
        pipeline: its name. step: of it.
    """

    def __init__(self, pipeline: str, step: str) -> None:
        self._pipeline, self._step = pipeline, step
        self._used = Counter[str]()

    @property
    def used(self) -> Mapping[str, int]:
        """By counter, as `orchestrator.metrics.usage` names them; what is nothing is left out."""
        return {name: count for name, count in self._used.items() if count > 0}

    def tokens(self, model: str, told: Any) -> None:
        """What an OpenAI-compatible server told of one answer: its `usage`, which may be missing."""
        details = getattr(told, "prompt_tokens_details", None)
        counts = {
            "prompt": getattr(told, "prompt_tokens", 0),
            "completion": getattr(told, "completion_tokens", 0),
            "cached": getattr(details, "cached_tokens", 0),
        }
        for kind, count in counts.items():
            self._used[usage.tokens(self._pipeline, self._step, model, kind)] += count or 0

    def page(self, how: str) -> None:
        """One page was read."""
        self._used[usage.pages(self._pipeline, how)] += 1

    def card(self, seconds: float) -> None:
        """It had a card for so long."""
        self._used[usage.card(self._pipeline, self._step)] += round(seconds * 1000)

    def batch(self, size: int) -> None:
        """One call ran so many jobs."""
        self._used.update(usage.batch(self._pipeline, self._step, size))


_current: ContextVar[Spent | None] = ContextVar("_current", default=None)


def spending() -> Spent:
    """Of the run that this is called in; outside of any, what nobody will ask for."""
    return _current.get() or Spent("", "")


@contextmanager
def counting(spent: Spent) -> Generator[None]:
    """What is used inside, by this task or thread, is that run's."""
    before = _current.set(spent)
    try:
        yield
    finally:
        _current.reset(before)
