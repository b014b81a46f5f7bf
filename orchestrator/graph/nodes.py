"""What a pipeline function sees while it is recorded: stand-ins for values that do not exist yet."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from orchestrator.errors import PipelineError

if TYPE_CHECKING:
    from orchestrator.graph.conditions import Guard


class Node:
    """A value that will exist when a document runs: all that may be done with it is to pass it to a step.

    Args:
        name: an input's or a step's name.
        of: the type of the value.
    """

    def __init__(self, name: str, of: Any) -> None:
        self.node_name = name
        self.node_type = of

    def _refuse(self, what: str) -> NoReturn:
        raise PipelineError(
            f"{what} the result of {self.node_name!r} is not possible while a pipeline is recorded: "
            "the value does not exist yet. Do it inside a step."
        )

    def __bool__(self) -> bool:
        self._refuse("testing")

    def __iter__(self) -> Iterator[Any]:
        self._refuse("looping over")

    def __len__(self) -> int:
        self._refuse("measuring")

    def __getitem__(self, key: object) -> Any:
        self._refuse("indexing")

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        self._refuse(f"reading .{name} of")


class InputNode(Node):
    """A parameter of the pipeline."""


class StepNode(Node):
    """One call of a step.

    Args:
        call: what was recorded.
    """

    def __init__(self, call: "Call") -> None:
        super().__init__(call.name, call.output_type)
        self.call = call


@dataclass(frozen=True)
class Argument:
    """Where one parameter of a step comes from.

    Args:
        kind: `input` (the pipeline's parameter `source`), `step` (the output of step `source`), `item` (one element
            of the list that step `source` made), or `value` (`value` itself).
    """

    kind: str
    source: str = ""
    value: Any = None


@dataclass(frozen=True)
class Call:
    """One node of the graph: a step, under the name it has in this pipeline, and where its arguments come from."""

    name: str
    step: Any
    arguments: dict[str, Argument]
    over: str | None
    """The step whose items this one maps over, if it is a fan-out."""
    output_type: Any
    guard: "Guard | None" = None
    """What decides whether it runs."""

    @property
    def upstream(self) -> tuple[str, ...]:
        """The steps that must be done first, each once; the one that is mapped over comes first."""
        used = sorted(
            (a for a in self.arguments.values() if a.kind in {"step", "item"}), key=lambda a: a.kind != "item"
        )
        judged = [self.guard.source] if self.guard is not None and self.guard.kind == "step" else []
        return tuple(dict.fromkeys([*(a.source for a in used), *judged]))
