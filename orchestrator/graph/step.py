"""`@step`: a function with its lane, model, limits and retry policy."""

import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast, get_type_hints, overload

from orchestrator.errors import PipelineError
from orchestrator.graph import recording
from orchestrator.lanes import known_lane
from orchestrator.retry import RetryPolicy

R = TypeVar("R")
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
RESERVED = frozenset({"data", "log", "input", "finish"})
"""They name keys and fields beside the steps' own."""


@dataclass(frozen=True)
class Limits:
    """How long one run of a step may take, seconds."""

    soft: float = 540.0
    hard: float = 600.0


@dataclass(frozen=True)
class Step(Generic[R]):
    """A step as defined: call it inside a pipeline to record it, outside to run it as the plain function it is."""

    function: Callable[..., Any]
    name: str
    lane: str
    version: str
    model: str | None
    retry: RetryPolicy
    limits: Limits
    parameters: dict[str, Any] = field(repr=False)
    """Parameter -> type, `ctx` left out."""
    returns: Any = field(repr=False)
    wants_context: bool
    is_async: bool

    def __call__(self, *args: Any, **kwargs: Any) -> R:
        """Record a call inside a pipeline; run the function outside (an async step then gives a coroutine)."""
        if (recorder := recording.current()) is None:
            return self.function(*args, **kwargs)
        return cast(R, recorder.call(self, args, kwargs))

    def map(self, items: Sequence[Any], **fixed: Any) -> list[R]:
        """Run the step once for each item of a list that another step makes; the result is the list of outputs, in order.

        Args:
            items: the output of a step that returns `list[T]`; the step's first parameter takes one `T`.
            fixed: the other parameters, the same for every item.

        Raises:
            PipelineError: outside a pipeline, or the types do not fit.
        """
        if (recorder := recording.current()) is None:
            raise PipelineError(f"{self.name}.map belongs inside a pipeline; outside, call {self.name} for each item")
        return cast(list[R], recorder.map(self, items, fixed))


@overload
def step(function: Callable[..., Awaitable[R]], /) -> Step[R]: ...
@overload
def step(function: Callable[..., R], /) -> Step[R]: ...
@overload
def step(
    *,
    lane: str = "cpu",
    model: str | None = None,
    version: str = "1",
    retries: int = 3,
    retry_delay: float = 1.0,
    soft_limit: float = 540.0,
    hard_limit: float = 600.0,
) -> Callable[[Callable[..., Any]], Step[Any]]: ...
def step(
    function: Callable[..., Any] | None = None,
    /,
    *,
    lane: str = "cpu",
    model: str | None = None,
    version: str = "1",
    retries: int = 3,
    retry_delay: float = 1.0,
    soft_limit: float = 540.0,
    hard_limit: float = 600.0,
) -> Any:
    """Make a step of a function whose parameters and result have types that msgspec knows.

    Args:
        lane: where its jobs wait: `gpu`, `llm`, `cpu`, or one that you declared.
        model: the model that it needs resident; `ctx.model(name)` hands it out.
        version: enters the pipeline's id: raise it when the step's results change.
        retries: how often it runs again after an exception.
        retry_delay: seconds before the first retry; doubles each time, with jitter.
        soft_limit: seconds after which `SoftLimit` is raised inside the step.
        hard_limit: seconds after which its process is killed.

    Raises:
        PipelineError: an unknown lane, a missing type, a sync function in a shared lane.
    """
    policy, limits = RetryPolicy(retries, retry_delay), Limits(soft_limit, hard_limit)

    def make(wrapped: Callable[..., Any]) -> Step[Any]:
        return _define(wrapped, lane, version, model, policy, limits)

    return make if function is None else make(function)


def _define(
    function: Callable[..., Any], lane: str, version: str, model: str | None, policy: RetryPolicy, limits: Limits
) -> Step[Any]:
    name = function.__name__
    _check_name(name)
    hints = _types(function)
    returns = hints.pop("return")
    wants_context = hints.pop("ctx", None) is not None
    is_async = inspect.iscoroutinefunction(function)
    if known_lane(lane).shared != is_async:
        raise PipelineError(
            f"step {name!r} is in lane {lane!r}, which one process shares: write it as `async def`"
            if not is_async
            else f"step {name!r} is async, but lane {lane!r} runs one step at a time: write it as `def`, or use a shared lane"
        )
    return Step(function, name, lane, version, model, policy, limits, hints, returns, wants_context, is_async)


def _check_name(name: str) -> None:
    if not NAME.fullmatch(name) or name in RESERVED:
        raise PipelineError(
            f"step {name!r}: a name is lower-case letters, digits and _, at most 32 characters, "
            f"and none of {', '.join(sorted(RESERVED))}"
        )


def _types(function: Callable[..., Any]) -> dict[str, Any]:
    hints = get_type_hints(function)
    for parameter in inspect.signature(function).parameters.values():
        if parameter.kind in {parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD, parameter.POSITIONAL_ONLY}:
            raise PipelineError(f"step {function.__name__!r}: parameter {parameter.name!r} must be an ordinary one")
        if parameter.name not in hints:
            raise PipelineError(f"step {function.__name__!r}: parameter {parameter.name!r} needs a type")
    if "return" not in hints:
        raise PipelineError(f"step {function.__name__!r} needs a return type")
    return hints
