"""`@step`: a function with its lane, model, limits and retry policy."""

import inspect
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar, cast, get_args, get_origin, get_type_hints, overload

from orchestrator.errors import PipelineError
from orchestrator.graph import recording
from orchestrator.graph.failing import OnFailure, check_policy
from orchestrator.graph.limits import Batch, Limits
from orchestrator.lanes import known_lane
from orchestrator.retry import RetryPolicy

R = TypeVar("R")
NAME = re.compile(r"[a-z][a-z0-9_]{0,31}")
RESERVED = frozenset({"data", "log", "input", "finish"})
"""They name keys and fields beside the steps' own."""


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
    batch: Batch | None
    on_failure: OnFailure
    parameters: dict[str, Any] = field(repr=False)
    """Parameter -> type, `ctx` left out; of a batched step, as one job sees them."""
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
    soft_limit: float | None = 540.0,
    hard_limit: float | None = 600.0,
    wait_limit: float | None = None,
    total_limit: float | None = None,
    batch: Batch | None = None,
    on_failure: OnFailure = "fail",
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
    soft_limit: float | None = 540.0,
    hard_limit: float | None = 600.0,
    wait_limit: float | None = None,
    total_limit: float | None = None,
    batch: Batch | None = None,
    on_failure: OnFailure = "fail",
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
        wait_limit: seconds that a job may wait in its lane before it fails.
        total_limit: seconds that all runs of a job may take together, from its first start.
        batch: run waiting jobs in one call.
        on_failure: what becomes of the document when the step, or one item of it, fails for good.

    Raises:
        PipelineError: an unknown lane, a missing type, a sync function in a shared lane, limits that cannot be meant.
    """
    policy, limits = RetryPolicy(retries, retry_delay), Limits(soft_limit, hard_limit, wait_limit, total_limit)

    def make(wrapped: Callable[..., Any]) -> Step[Any]:
        return _define(wrapped, lane, version, model, policy, limits, batch, on_failure)

    return make if function is None else make(function)


def _define(
    function: Callable[..., Any], lane: str, version: str, model: str | None, policy: RetryPolicy, limits: Limits,
    batch: Batch | None, on_failure: OnFailure,
) -> Step[Any]:  # fmt: skip
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
    limits.check(name)
    check_policy(name, on_failure)
    if batch is not None:
        hints, returns = _one_job_of(name, batch, is_async, hints, returns)
    return Step(
        function, name, lane, version, model, policy, limits, batch, on_failure, hints, returns, wants_context, is_async
    )


def _one_job_of(
    name: str, batch: Batch, is_async: bool, hints: dict[str, Any], returns: Any
) -> tuple[dict[str, Any], Any]:
    """The types of a batched step as one of its jobs sees them: of one value, and of one result."""
    batch.check(name)
    first = next(iter(hints), None)
    if is_async or first is None or get_origin(hints[first]) is not list or get_origin(returns) is not list:
        raise PipelineError(
            f"step {name!r} has a batch: it must be a plain function whose first parameter is a list, of one value for "
            "each job, and which returns a list of as many results"
        )
    if batch.key is not None and (batch.key not in hints or batch.key == first):
        raise PipelineError(f"step {name!r}: its batch's key {batch.key!r} must be one of its other parameters")
    return {**hints, first: get_args(hints[first])[0]}, get_args(returns)[0]


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
