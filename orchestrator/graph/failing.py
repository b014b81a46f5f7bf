"""What becomes of a document when one of its steps, or one item of a fan-out, fails for good."""

from dataclasses import dataclass
from typing import Any, Literal

from orchestrator.errors import PipelineError


@dataclass(frozen=True)
class Partial:
    """The document goes on without that output, and ends `partial`.

    Args:
        max_failed: of a fan-out: more failed items than that fail the document; None is no bound.
    """

    max_failed: int | None = None


OnFailure = Literal["fail", "skip"] | Partial
"""`fail`: the document fails, and its running siblings are cancelled. `skip`: it goes on without that output, and
succeeds. `Partial`: it goes on, and says so. What follows gets None in place of what failed."""


def check_policy(name: str, policy: OnFailure) -> None:
    """Refuse what cannot be meant.

    Raises:
        PipelineError: an unknown word, or a bound below 1.
    """
    if isinstance(policy, Partial):
        if policy.max_failed is not None and policy.max_failed < 1:
            raise PipelineError(f"step {name!r}: max_failed must be 1 or more, or None for no bound")
    elif policy not in ("fail", "skip"):
        raise PipelineError(f"step {name!r}: on_failure is 'fail', 'skip' or Partial(max_failed=...), not {policy!r}")


def allowed(policy: OnFailure) -> str:
    """The policy as the plan has it: empty, `skip`, `partial` or `partial <most>`."""
    if isinstance(policy, Partial):
        return "partial" if policy.max_failed is None else f"partial {policy.max_failed}"
    return "" if policy == "fail" else policy


def output_type(policy: OnFailure, returns: Any) -> Any:
    """What follows a step gets: its result, or None where it may fail."""
    return returns if policy == "fail" else returns | None
