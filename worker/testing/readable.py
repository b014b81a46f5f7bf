"""Errors as a test shows them: the test's own line and a sentence, not the road through docmill."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from orchestrator.errors import DocmillError

P = ParamSpec("P")
R = TypeVar("R")


def readable(method: Callable[P, R]) -> Callable[P, R]:
    """The same method; what it raises is told where it was called."""

    @wraps(method)
    def call(*args: P.args, **kwargs: P.kwargs) -> R:
        __tracebackhide__ = True
        try:
            return method(*args, **kwargs)
        except DocmillError as problem:
            raise problem.with_traceback(None) from None

    return call
