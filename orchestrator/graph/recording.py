"""Recording: while a pipeline function runs, its calls of steps become the nodes of a graph."""

import inspect
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, get_args, get_origin

from orchestrator.errors import PipelineError
from orchestrator.graph.conditions import Guard, guarded_by, own_condition
from orchestrator.graph.failing import output_type
from orchestrator.graph.nodes import Argument, Call, InputNode, Node, StepNode
from orchestrator.graph.types import fits, readable

if TYPE_CHECKING:
    from orchestrator.graph.step import Step

_current: ContextVar["Recorder | None"] = ContextVar("recorder", default=None)


def current() -> "Recorder | None":
    """The recorder of the pipeline being defined, or None outside."""
    return _current.get()


@contextmanager
def recording() -> Generator["Recorder"]:
    """Steps called inside the block are recorded.

    Raises:
        PipelineError: a pipeline is being recorded already.
    """
    if _current.get() is not None:
        raise PipelineError("a pipeline cannot be used inside another one: call its steps instead")
    recorder = Recorder()
    token = _current.set(recorder)
    try:
        yield recorder
    finally:
        _current.reset(token)


class Recorder:
    """Collects the calls of one pipeline, in order."""

    def __init__(self) -> None:
        self.calls: dict[str, Call] = {}

    def call(self, step: "Step[Any]", args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> StepNode:
        """Record one plain call; a parameter that a mapped step feeds takes the list of its outputs."""
        given = self._bind(step, args, kwargs)
        arguments = {name: self._argument(step, name, value) for name, value in given.items()}
        return self._add(step, arguments, None, output_type(step.on_failure, step.returns), _guard(step, given))

    def map(self, step: "Step[Any]", items: Any, fixed: Mapping[str, Any]) -> StepNode:
        """Record a fan-out of `step` over the items of a list."""
        first = next(iter(step.parameters), None)
        if first is None or not isinstance(items, StepNode):
            raise PipelineError(f"{step.name}.map takes the list that another step makes")
        if items.call.over is not None and get_origin(items.call.step.returns) is list:
            raise PipelineError(
                f"{step.name}.map over the lists that {items.node_name!r} makes is a nested fan-out: "
                "join them in a step first"
            )
        self._check(step, first, items, _element(step, items))
        arguments = {first: Argument("item", items.node_name)}
        others = self._bind(step, (), {**fixed, first: items})
        arguments |= {n: self._argument(step, n, v) for n, v in others.items() if n != first}
        made: Any = list[output_type(step.on_failure, step.returns)]
        return self._add(
            step, arguments, items.node_name, made, _guard(step, {n: others[n] for n in others if n != first})
        )

    def _bind(self, step: "Step[Any]", args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        signature = inspect.signature(step.function)
        kept = [p for p in signature.parameters.values() if p.name != "ctx"]
        try:
            return dict(signature.replace(parameters=kept).bind(*args, **kwargs).arguments)
        except TypeError as problem:
            raise PipelineError(f"step {step.name!r} cannot be called so: {problem}") from None

    def _argument(self, step: "Step[Any]", name: str, value: Any) -> Argument:
        if isinstance(value, Node):
            self._check(step, name, value, value.node_type)
            return Argument("input" if isinstance(value, InputNode) else "step", value.node_name)
        return Argument("value", value=value)

    def _check(self, step: "Step[Any]", name: str, value: Node, given: Any) -> None:
        wanted = step.parameters[name]
        if not fits(given, wanted):
            raise PipelineError(
                f"step {step.name!r} wants {readable(wanted)} for {name!r}, but {value.node_name!r} gives {readable(given)}"
            )

    def _add(
        self, step: "Step[Any]", arguments: dict[str, Argument], over: str | None, output: Any, guard: Guard | None
    ) -> StepNode:
        _check_batch(step, arguments)
        name, again = step.name, 1
        while name in self.calls:
            again += 1
            name = f"{step.name}_{again}"
        self.calls[name] = Call(name, step, arguments, over, output if guard is None else output | None, guard)
        return StepNode(self.calls[name])


def _guard(step: "Step[Any]", given: Mapping[str, Any]) -> Guard | None:
    """What decides whether this use of a step runs."""
    if step.guard is not None and step.when is not None:
        raise PipelineError(f"step {step.name!r} has a condition of its own (when=): it cannot have another one here")
    if step.guard is not None or step.when is None:
        return step.guard
    asked = own_condition(step.name, step.when, step.parameters)
    if asked not in given:
        raise PipelineError(
            f"step {step.name!r}: its condition looks at {asked!r}, which is not the same for all of it here"
        )
    return guarded_by(step.name, step.when, given[asked])


def _check_batch(step: "Step[Any]", arguments: dict[str, Argument]) -> None:
    """The jobs of a batch differ in their first argument only."""
    if step.batch is None:
        return
    for name in list(arguments)[1:]:
        argument = arguments[name]
        if argument.kind != "value" and not (argument.kind == "input" and name == step.batch.key):
            raise PipelineError(
                f"step {step.name!r} has a batch, whose jobs may differ in the first argument only: give {name!r} a constant, "
                "or make it the batch's key and give it a parameter of the pipeline"
            )


def _element(step: "Step[Any]", items: StepNode) -> Any:
    if get_origin(items.node_type) is not list:
        raise PipelineError(f"{step.name}.map needs a list, but {items.node_name!r} gives {readable(items.node_type)}")
    return get_args(items.node_type)[0]
