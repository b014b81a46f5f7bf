"""Random pipelines: what a graph may be made of, drawn as data and then defined like anybody's."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from hypothesis import strategies as st

from orchestrator.graph import Concurrency, Partial, Pipeline, Step, pipeline, step
from orchestrator.graph.failing import OnFailure
from orchestrator.graph.pipeline import Finished

Kind = Literal["plain", "list", "map"]
TEXT = -1
"""An input that is the pipeline's parameter."""


@dataclass(frozen=True)
class Node:
    """One step.

    Args:
        inputs: earlier nodes, or TEXT; of a map, the first is what it maps over.
        guard: an earlier node, or TEXT for the parameter `flag`.
        limit: how many at once, and by what.
    """

    kind: Kind
    inputs: tuple[int, ...]
    lane: str = "cpu"
    retries: int = 1
    guard: int | None = None
    on_failure: OnFailure = "fail"
    limit: tuple[int, str | None] | None = None
    ahead: int | None = None


@dataclass(frozen=True)
class Shape:
    """One pipeline."""

    nodes: tuple[Node, ...]
    item_order: bool = True
    max_started: int | None = None
    keep_result: bool = True
    tells: bool = False


def _lists(nodes: list[Node]) -> list[int]:
    """What can be mapped over: it is a list whatever happens."""
    return [
        at
        for at, node in enumerate(nodes)
        if node.guard is None and (node.kind == "map" or (node.kind == "list" and node.on_failure == "fail"))
    ]


@st.composite
def _nodes(draw: st.DrawFn, before: list[Node]) -> Node:
    over = _lists(before)
    kind: Kind = draw(st.sampled_from(("plain", "list", "map", "map") if over else ("plain", "list")))
    earlier = st.sampled_from([*range(len(before)), TEXT]) if before else st.just(TEXT)
    first = draw(st.sampled_from(over)) if kind == "map" else draw(earlier)
    others = draw(st.lists(earlier, max_size=1))
    judges = [TEXT, *(at for at, node in enumerate(before) if node.kind != "map")]
    policies: tuple[OnFailure, ...] = ("fail", "fail", "skip", Partial(), Partial(1))
    return Node(
        kind,
        tuple(dict.fromkeys([first, *others])),
        lane=draw(st.sampled_from(("cpu", "gpu"))),
        retries=draw(st.integers(0, 2)),
        guard=draw(st.none() | st.sampled_from(judges)) if draw(st.integers(0, 2)) == 2 else None,
        on_failure=draw(st.sampled_from(policies)),
        limit=draw(st.none() | st.tuples(st.integers(1, 2), st.sampled_from((None, "tenant", "customer")))),
        ahead=draw(st.none() | st.integers(1, 2)) if draw(st.booleans()) else None,
    )


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    """One pipeline of up to six steps."""
    nodes: list[Node] = []
    for _ in range(draw(st.integers(1, 6))):
        nodes.append(draw(_nodes(nodes)))
    return Shape(
        tuple(nodes),
        item_order=draw(st.booleans()),
        max_started=draw(st.none() | st.integers(1, 2)),
        keep_result=draw(st.sampled_from((True, True, False))),
        tells=draw(st.booleans()),
    )


def _function(name: str, arity: int, returns: Any) -> Callable[..., Any]:
    def one(a: Any) -> Any: ...
    def two(a: Any, b: Any) -> Any: ...

    made = one if arity == 1 else two
    made.__name__ = name
    made.__annotations__["return"] = returns
    return made


def _wanted(flag: bool) -> bool:
    return flag


def _never_asked(value: Any) -> bool:
    raise AssertionError("the test says itself what is unwanted")


def _step(name: str, node: Node) -> Step[Any]:
    function = _function(name, len(node.inputs), list[str] if node.kind == "list" else str)
    limit = None if node.limit is None else Concurrency(node.limit[0], by=node.limit[1])
    return step(
        lane=node.lane, retries=node.retries, on_failure=node.on_failure, concurrency=limit, max_ahead=node.ahead
    )(function)


@step
def told(finished: Finished) -> str:
    """Of the end of a document."""
    return finished.id


def define(name: str, shape: Shape) -> Pipeline:
    """The pipeline of a shape."""

    def flow(text: str, flag: bool, customer: str) -> Any:
        made: list[Any] = []
        for at, node in enumerate(shape.nodes):
            one = _step(f"{name}_{at}", node)
            if node.guard is not None:
                one = one.only(_wanted, flag) if node.guard == TEXT else one.only(_never_asked, made[node.guard])
            given = [text if source == TEXT else made[source] for source in node.inputs]
            made.append(
                one.map(given[0], **dict(zip("b", given[1:], strict=False))) if node.kind == "map" else one(*given)
            )
        return made[-1]

    flow.__name__ = name
    return pipeline(
        order="item" if shape.item_order else "document",
        max_started=shape.max_started,
        keep_result=shape.keep_result,
        on_finish=told if shape.tells else None,
    )(flow)
