"""From a function and its options to a step: all that can be wrong is found here."""

import inspect
from collections.abc import Callable
from typing import Any, get_args, get_origin, get_type_hints

from orchestrator.errors import PipelineError
from orchestrator.graph.conditions import own_condition
from orchestrator.graph.failing import check_policy
from orchestrator.graph.limits import NAME, Batch
from orchestrator.graph.policy import Policy
from orchestrator.lanes import known_lane

RESERVED = frozenset({"data", "log", "input", "finish"})
"""They name keys and fields beside the steps' own."""


def signature_of(function: Callable[..., Any], policy: Policy) -> dict[str, Any]:
    """What a step is, beside its options: its name, the types of its parameters and of its result, as one job sees them.

    Raises:
        PipelineError: an unknown lane, a missing type, a sync function in a shared lane, options that cannot be meant.
    """
    name = function.__name__
    _check_name(name)
    hints = _types(function)
    returns = hints.pop("return")
    wants_context = hints.pop("ctx", None) is not None
    is_async = inspect.iscoroutinefunction(function)
    if known_lane(policy.lane).shared != is_async:
        raise PipelineError(
            f"step {name!r} is in lane {policy.lane!r}, which one process shares: write it as `async def`"
            if not is_async
            else f"step {name!r} is async, but lane {policy.lane!r} runs one step at a time: write it as `def`, "
            "or use a shared lane"
        )
    policy.limits.check(name)
    check_policy(name, policy.on_failure)
    if policy.cache is not None:
        policy.cache.check(name, function)
    if policy.batch is not None:
        hints, returns = _one_job_of(name, policy.batch, is_async, hints, returns)
    if policy.concurrency is not None:
        policy.concurrency.check(name)
    if policy.max_ahead is not None and policy.max_ahead < 1:
        raise PipelineError(f"step {name!r}: max_ahead must be 1 or more, or None for no bound")
    if policy.when is not None:
        own_condition(name, policy.when, hints)
    return {
        "function": function,
        "name": name,
        "parameters": hints,
        "returns": returns,
        "wants_context": wants_context,
        "is_async": is_async,
    }


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
