"""`@pipeline`: ordinary Python that reads as the flow of data, run once to record the graph."""

import inspect
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, get_type_hints

import msgspec

from orchestrator.errors import BadParameter, PipelineError, UsageError
from orchestrator.graph.compile import compile_plan, plan_id
from orchestrator.graph.concurrency import check_concurrency
from orchestrator.graph.conditions import Guard
from orchestrator.graph.nodes import Call, InputNode, StepNode
from orchestrator.graph.recording import recording
from orchestrator.graph.step import Step

MOST_STEPS = 64
DAY = 86_400.0
MONTH = 30 * DAY
Order = Literal["item", "document"]
"""`item`: a fan-out yields to other documents, item by item, so that a large document does not hold up small ones.
`document`: all of a document comes before any of a later one of the same priority."""


@dataclass(frozen=True)
class Pipeline:
    """A recorded pipeline. Call it outside to get a clear refusal: documents are submitted, not called."""

    name: str
    version: str
    parameters: dict[str, Any] = field(repr=False)
    defaults: dict[str, Any] = field(repr=False)
    calls: dict[str, Call] = field(repr=False)
    result: str
    """The step whose output is the document's result."""
    retention: float
    """Seconds that an ended document is kept."""
    on_finish: "Pipeline | None" = None
    deadline: float | None = None
    """Seconds from submission in which a document must have ended."""
    retention_failed: float = MONTH
    """Seconds that one that failed is kept."""
    keep_result: bool = True
    """Whether one that succeeded is kept at all."""
    order: Order = "item"
    cost: int = 1
    """How many ordinary documents one of it counts as, where tenants share a lane."""
    max_started: int | None = None
    """How many of its documents may be under way at once."""
    takes: tuple[str, ...] = ()
    """Media types of the files that it reads; empty is any."""

    @cached_property
    def plan(self) -> dict[str, str]:
        """The compiled graph: the flat fields of `pipeline:<id>` in Redis."""
        return compile_plan(self)

    @cached_property
    def id(self) -> str:
        """`name@hash of the compiled graph`: two workers that disagree about the graph cannot share a document."""
        return plan_id(self.name, self.plan)

    def input_json(self, given: dict[str, Any]) -> bytes:
        """Check a submission's parameters, add the defaults, and encode them.

        Raises:
            BadParameter: one is unknown, missing or wrong; the text says what is expected.
        """
        if unknown := sorted(set(given) - set(self.parameters)):
            known = ", ".join(self.parameters)
            raise BadParameter(f"pipeline {self.name!r} has no parameter {unknown[0]!r}: it takes {known}", unknown[0])
        values = self.defaults | given
        if missing := sorted(set(self.parameters) - set(values)):
            raise BadParameter(f"pipeline {self.name!r} needs the parameter {missing[0]!r}", missing[0])
        return msgspec.json.encode({name: self._checked(name, values[name]) for name in self.parameters})

    def unwanted(self, given: dict[str, Any]) -> str:
        """The steps that a submission's parameters leave out, space separated."""
        guards = [(name, call.guard) for name, call in self.calls.items() if call.guard is not None]
        asked = [(name, guard) for name, guard in guards if guard.kind == "input"]
        if not asked:
            return ""
        values = self.defaults | given
        return " ".join(name for name, guard in asked if not self._wanted(name, guard, values[guard.source]))

    def _wanted(self, step: str, guard: Guard, value: Any) -> bool:
        checked = self._checked(guard.source, value)
        try:
            return bool(guard.condition(checked))
        except Exception as problem:  # it is the user's own code
            raise UsageError(
                f"the condition of step {step!r} cannot judge the parameter {guard.source!r}: "
                f"{type(problem).__name__}: {problem}"
            ) from problem

    def check_size(self, value: bytes, most: int) -> None:
        """Refuse parameters that are too large to be limited by.

        Args:
            most: bytes that Redis holds; beyond that it has a reference, in which no script can look.

        Raises:
            UsageError: a step's concurrency is by a parameter, and they are larger.
        """
        by = {call.step.concurrency.by for call in self.calls.values() if call.step.concurrency} - {None, "tenant"}
        if by and len(value) > most:
            raise UsageError(
                f"pipeline {self.name!r} limits its jobs by the parameter {min(map(str, by))!r}, so all parameters together "
                f"may have {most} bytes, and these have {len(value)}: send what is large as a file"
            )

    def _checked(self, name: str, value: Any) -> Any:
        try:
            return msgspec.convert(value, self.parameters[name])
        except msgspec.ValidationError as problem:
            raise BadParameter(f"pipeline {self.name!r}, parameter {name!r}: {problem}", name) from None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse, saying how it is done."""
        raise PipelineError(f"pipeline {self.name!r} is not called: submit a document to it")


def pipeline(
    *,
    version: str = "1",
    on_finish: Step[Any] | None = None,
    retention: float = DAY,
    retention_failed: float = MONTH,
    keep_result: bool = True,
    deadline: float | None = None,
    order: Order = "item",
    cost: int = 1,
    max_started: int | None = None,
    takes: Sequence[str] = (),
) -> Callable[[Callable[..., Any]], Pipeline]:
    """Record a pipeline.

    Args:
        version: a label for people; the id is made from the graph.
        on_finish: a step that takes a `Finished`, run for every final state as a document of its own.
        retention: seconds that an ended document is kept.
        retention_failed: seconds that one is kept that failed: it can be tried again until then.
        keep_result: False drops the outputs of a document as soon as it has succeeded, and the document a minute later.
        deadline: seconds from submission in which a document must have ended, else it fails; a submission may name another.
        order: whether a large document yields to others, item by item, or comes whole.
        cost: how many ordinary documents one of it counts as, where tenants share a lane fairly.
        max_started: how many of its documents may be under way at once; more wait.
        takes: media types of the files that it reads, such as `application/pdf` or `image/*`; the REST API refuses others by
            their first bytes. Empty is any.

    Raises:
        PipelineError: the graph is faulty; the text names the step.
    """

    def make(function: Callable[..., Any]) -> Pipeline:
        name = function.__name__
        hints = get_type_hints(function)
        hints.pop("return", None)
        parameters = inspect.signature(function).parameters
        if untyped := [p for p in parameters if p not in hints]:
            raise PipelineError(f"pipeline {name!r}: parameter {untyped[0]!r} needs a type")
        with recording() as recorder:
            result = function(**{p: InputNode(p, hints[p]) for p in parameters})
        if not isinstance(result, StepNode):
            raise PipelineError(f"pipeline {name!r} must return the result of one of its steps")
        if len(recorder.calls) > MOST_STEPS:
            raise PipelineError(f"pipeline {name!r} has {len(recorder.calls)} steps; at most {MOST_STEPS} are possible")
        check_concurrency(name, recorder.calls, parameters)
        defaults = {p.name: p.default for p in parameters.values() if p.default is not p.empty}
        finish = None if on_finish is None else _finish_pipeline(name, on_finish)
        if max_started is not None and max_started < 1:
            raise PipelineError(f"pipeline {name!r}: max_started must be 1 or more, or None for no bound")
        if cost < 1:
            raise PipelineError(f"pipeline {name!r}: cost is 1 (an ordinary document) or more")
        return Pipeline(
            name, version, hints, defaults, recorder.calls, result.node_name, retention, finish, deadline,
            retention_failed, keep_result, order, cost, max_started, tuple(takes),
        )  # fmt: skip

    return make


class Finished(msgspec.Struct, frozen=True):
    """What an `on_finish` step is told: thin, so that it can be sent anywhere."""

    id: str
    status: str
    pipeline: str


def _finish_pipeline(name: str, step: Step[Any]) -> Pipeline:
    if list(step.parameters.values()) != [Finished]:
        raise PipelineError(f"on_finish of {name!r}: step {step.name!r} must take one parameter of type Finished")
    with recording() as recorder:
        recorder.call(step, (InputNode("finished", Finished),), {})
    return Pipeline(f"{name}.finish", "1", {"finished": Finished}, {}, recorder.calls, step.name, DAY)
