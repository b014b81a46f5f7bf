"""How a step's parameters are filled from what a claim brings: worked out once a step, used for every job."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args, get_origin

import msgspec

from orchestrator.calls import Leased
from orchestrator.graph import Pipeline
from orchestrator.graph.conditions import Condition
from orchestrator.graph.nodes import Call
from orchestrator.registry import Registry


@dataclass(frozen=True)
class Parameter:
    """One parameter of a step.

    Args:
        kind: `input`, `step`, `list` (all items of a list output), `item` or `value`, as in `graph.nodes.Argument`.
        source: the pipeline's parameter, or the step.
        need: its place among the needs that a claim brings; -1 where it is none of them.
        decoder: of the value, or of one element of a `list`.
    """

    name: str
    kind: str
    source: str
    need: int
    decoder: msgspec.json.Decoder[Any]
    constant: Any = None


@dataclass(frozen=True)
class Binding:
    """A step of a pipeline, ready to be called."""

    call: Call
    needs: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    makes_list: bool
    """Whether its output is stored item by item."""
    deciding: tuple[tuple[str, Condition], ...]
    """The steps that its output decides on, and how."""

    def left_out(self, value: Any) -> Sequence[str]:
        """The steps that a value which it made leaves out."""
        return [step for step, condition in self.deciding if not condition(value)] if self.deciding else ()

    @property
    def function(self) -> Any:
        """What is run."""
        return self.call.step.function


class Bindings:
    """The bindings of one process.

    Args:
        registry: the pipelines that it knows; a slot is never given a job of another.
    """

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        self._made: dict[tuple[str, str], Binding] = {}

    def of(self, job: Leased) -> Binding:
        """The binding of a job's step."""
        key = pipeline, step = job.pipeline, job.step
        found = self._made.get(key)
        if found is None:
            found = self._made[key] = _bind(self._registry.with_id(pipeline), step)
        return found


def _bind(pipeline: Pipeline, step: str) -> Binding:
    call, plan = pipeline.calls[step], pipeline.plan
    needs = tuple(filter(None, plan.get(f"needs:{step}", "").split(",")))
    listed = set(plan.get("listed", "").split())
    parameters = tuple(_parameter(call, name, needs, listed) for name in call.arguments)
    guards = [(name, one.guard) for name, one in pipeline.calls.items() if one.guard is not None]
    deciding = tuple((name, guard.condition) for name, guard in guards if (guard.kind, guard.source) == ("step", step))
    return Binding(call, needs, parameters, step in listed and call.over is None, deciding)


def _parameter(call: Call, name: str, needs: tuple[str, ...], listed: set[str]) -> Parameter:
    argument, of = call.arguments[name], call.step.parameters[name]
    kind = "list" if argument.kind == "step" and argument.source in listed else argument.kind
    field = "input" if kind == "input" else argument.source
    need = needs.index(field) if kind in {"input", "step"} else -1
    decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(_element(of) if kind == "list" else of)
    return Parameter(name, kind, argument.source, need, decoder, argument.value)


def _element(of: Any) -> Any:
    """The type of one element, also of a list that may be None."""
    lists = [one for one in get_args(of) if get_origin(one) is list] if get_origin(of) is not list else [of]
    return get_args(lists[0])[0] if lists else Any
