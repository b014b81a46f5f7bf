"""Pipelines of two or three steps; what is unusual about one keeps it from the road of most steps."""

from collections.abc import Callable
from typing import Any

from orchestrator import pipeline, step
from orchestrator.graph import Pipeline


@step
def begun(text: str) -> str:
    """The first step."""
    return text


@step
def ended(text: str) -> str:
    """The last."""
    return text


@step
def aside(text: str) -> str:
    """Beside the first."""
    return text


@step
def joined(text: str, other: str) -> str:
    """It needs two values."""
    return text + other


def is_short(text: str) -> bool:
    """A condition."""
    return len(text) < 9


@pipeline()
def needing(text: str) -> str:
    """The second step needs the parameter too."""
    return joined(text, begun(text))


@pipeline()
def choosing(text: str) -> str | None:
    """The parameter decides on the second step."""
    return ended.only(is_short, text)(begun(text))


@pipeline()
def deciding(text: str) -> str | None:
    """What the first step makes decides on the third."""
    made = begun(text)
    return aside.only(is_short, made)(ended(made))


@pipeline()
def abreast(text: str) -> str:
    """Two first steps stand at the same place."""
    return joined(ended(begun(text)), aside(text))


def followed(function: Callable[..., Any] = ended.function, **options: Any) -> Pipeline:
    """A pipeline whose second step has these options."""
    second = step(**options)(function)

    def flow(text: str) -> str:
        return second(begun(text))

    return pipeline()(flow)


def preceded(**options: Any) -> Pipeline:
    """A pipeline whose first step has these options."""
    first = step(**options)(begun.function)

    def flow(text: str) -> str:
        return ended(first(text))

    return pipeline()(flow)


def together(texts: list[str]) -> list[str]:
    """A step for several documents."""
    return texts
