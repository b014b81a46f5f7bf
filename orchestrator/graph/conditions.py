"""`when=`: a step runs only where a value of its document says so; else it is skipped, and what follows gets None."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

from orchestrator.errors import PipelineError
from orchestrator.graph.nodes import InputNode, Node, StepNode
from orchestrator.graph.types import fits, readable

Condition = Callable[[Any], bool]
"""Looks at one value. It must be quick and touch nothing: it is asked wherever that value is at hand."""


@dataclass(frozen=True)
class Guard:
    """What decides whether a step runs.

    Args:
        kind: `step`: the output of step `source`, asked as soon as there is one; where that was skipped or failed, the
            guarded step is skipped unasked. `input`: the pipeline's parameter `source`, asked at submission.
    """

    condition: Condition
    kind: str
    source: str

    @property
    def words(self) -> str:
        """As the plan tells it: another condition is another pipeline."""
        name = getattr(self.condition, "__qualname__", type(self.condition).__qualname__)
        return f"?{name}({self.kind}:{self.source})"


def own_condition(name: str, condition: Condition, parameters: dict[str, Any]) -> str:
    """The step's parameter that its own condition looks at.

    Raises:
        PipelineError: it has not exactly one parameter, named like one of the step's.
    """
    asked = list(inspect.signature(condition).parameters)
    if len(asked) != 1 or asked[0] not in parameters:
        raise PipelineError(
            f"step {name!r}: when= takes a function of one parameter, named like one of the step's "
            f"({', '.join(parameters)}), not ({', '.join(asked)})"
        )
    return asked[0]


def guarded_by(name: str, condition: Condition, value: Any) -> Guard:
    """The guard of one call of a step.

    Raises:
        PipelineError: the value cannot decide, or the condition does not take such a value.
    """
    if not isinstance(value, Node):
        raise PipelineError(f"step {name!r}: its condition looks at a constant: leave the step out, or the condition")
    if isinstance(value, StepNode) and value.call.over is not None:
        raise PipelineError(
            f"step {name!r}: its condition looks at the outputs of {value.node_name!r}, one for each item: "
            "join them in a step first"
        )
    given = value.call.step.returns if isinstance(value, StepNode) else value.node_type
    hints = {n: of for n, of in get_type_hints(condition).items() if n != "return"} if _is_typed(condition) else {}
    wanted = next(iter(hints.values()), Any)
    if not fits(given, wanted):
        raise PipelineError(
            f"step {name!r}: its condition takes {readable(wanted)}, but {value.node_name!r} gives {readable(given)}"
        )
    return Guard(condition, "input" if isinstance(value, InputNode) else "step", value.node_name)


def _is_typed(condition: Condition) -> bool:
    return inspect.isfunction(condition) or inspect.ismethod(condition)
