"""`@step`: a function with its lane, model, limits and retry policy."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar, cast, overload

from orchestrator.errors import PipelineError
from orchestrator.graph import recording
from orchestrator.graph.caching import Cache, chosen
from orchestrator.graph.conditions import Condition, Guard, guarded_by
from orchestrator.graph.defining import signature_of
from orchestrator.graph.failing import OnFailure
from orchestrator.graph.limits import Batch, Concurrency, Limits
from orchestrator.graph.policy import Policy
from orchestrator.retry import RetryPolicy

R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Step(Policy, Generic[R]):
    """A step as defined: call it inside a pipeline to record it, outside to run it as the plain function it is."""

    function: Callable[..., Any]
    name: str
    parameters: dict[str, Any] = field(repr=False)
    """Parameter -> type, `ctx` left out; of a batched step, as one job sees them."""
    returns: Any = field(repr=False)
    wants_context: bool
    is_async: bool
    guard: Guard | None = None
    """What decides whether this call of it runs, where it is not its own condition."""

    def __call__(self, *args: Any, **kwargs: Any) -> R:
        """Record a call inside a pipeline; run the function outside (an async step then gives a coroutine)."""
        if (recorder := recording.current()) is None:
            return self.function(*args, **kwargs)
        return cast(R, recorder.call(self, args, kwargs))

    def only(self, condition: Condition, value: Any) -> "Step[R | None]":
        """This step, but only where the condition holds of a value that the document has by then; else it is skipped.

        Args:
            value: what another, plain step makes, or a parameter of the pipeline.

        Raises:
            PipelineError: the value cannot decide, or the condition does not take such a value.
        """
        return cast("Step[R | None]", replace(self, guard=guarded_by(self.name, condition, value)))

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
    when: Condition | None = None,
    concurrency: Concurrency | None = None,
    max_ahead: int | None = None,
    cache: bool | Cache = False,
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
    when: Condition | None = None,
    concurrency: Concurrency | None = None,
    max_ahead: int | None = None,
    cache: bool | Cache = False,
) -> Any:
    """Make a step of a function whose parameters and result have types that msgspec knows.

    Args:
        lane: where its jobs wait: `gpu`, `llm`, `cpu`, or one that you declared.
        model: the model that it needs resident; `ctx.model(name)` hands it out.
        version: enters the pipeline's id, and the cache's keys: raise it when the step's results change.
        retries: how often it runs again after an exception.
        retry_delay: seconds before the first retry; doubles each time, with jitter.
        soft_limit: seconds after which `SoftLimit` is raised inside the step.
        hard_limit: seconds after which its process is killed.
        wait_limit: seconds that a job may wait in its lane before it fails.
        total_limit: seconds that all runs of a job may take together, from its first start.
        batch: run waiting jobs in one call.
        on_failure: what becomes of the document when the step, or one item of it, fails for good.
        when: looks at the step's parameter of its own parameter's name; where it says no, the step is skipped, and what
            follows gets None. `only` does the same for one use of a step, with any value.
        cache: keep its results for a while: the same arguments, of whatever document, are not worked on twice. For a step
            that does nothing but return what follows from its arguments and from what `Cache` names.
        concurrency: how many of its jobs may run at once.
        max_ahead: it runs no more while so many entries wait in a lane of a step that follows it.

    Raises:
        PipelineError: an unknown lane, a missing type, a sync function in a shared lane, limits that cannot be meant.
    """
    limits = Limits(soft_limit, hard_limit, wait_limit, total_limit)
    policy = Policy(
        lane=lane, version=version, model=model, retry=RetryPolicy(retries, retry_delay), limits=limits, batch=batch,
        on_failure=on_failure, when=when, concurrency=concurrency, max_ahead=max_ahead, cache=chosen(cache),
    )  # fmt: skip

    def make(wrapped: Callable[..., Any]) -> Step[Any]:
        return Step(**vars(policy), **signature_of(wrapped, policy))

    return make if function is None else make(function)
