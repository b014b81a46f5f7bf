"""Which lanes exist, and which of them are shared (served by one process that runs many jobs as asyncio tasks)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from orchestrator.errors import PipelineError, UsageError

NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")


@dataclass(frozen=True)
class Lane:
    """A named queue.

    Args:
        name: lower case, at most 32 characters.
        shared: its steps are `async def` and run many at a time in one process.
    """

    name: str
    shared: bool = False


HOOKS = Lane("hooks", shared=True)
"""Where webhooks are delivered: a slow receiver keeps nothing else waiting."""

_known: dict[str, Lane] = {lane.name: lane for lane in (Lane("gpu"), Lane("llm", shared=True), Lane("cpu"), HOOKS)}


def lane(name: str, *, shared: bool = False) -> str:
    """Declare a lane of your own, beside `gpu`, `llm` and `cpu`; returns its name.

    Raises:
        PipelineError: the name is not usable, or is declared already with another `shared`.
    """
    if not NAME.fullmatch(name):
        raise PipelineError(f"lane {name!r}: a name is lower-case letters, digits, _ and -, at most 32 characters")
    made = Lane(name, shared)
    if _known.setdefault(name, made) != made:
        raise PipelineError(f"lane {name!r} is declared twice, once shared and once not")
    return name


def known_lane(name: str, field: str = "") -> Lane:
    """The lane of that name.

    Args:
        field: that named it.

    Raises:
        UsageError: no such lane; the text lists those there are.
    """
    if name not in _known:
        told = f"there is no lane {name!r}: use one of {', '.join(sorted(_known))}, or declare it first"
        raise UsageError(told, field)
    return _known[name]


def lanes_field(overrides: Mapping[str, str], trace: str) -> str:
    """A document's field `lanes`: overrides (step -> lane), and the traceparent of who submits it."""
    words = [f"{step}={lane}" for step, lane in overrides.items()]
    return " ".join([*words, f"@{trace}"] if trace else words)


def overrides(field: str) -> dict[str, str]:
    """Step -> lane, where it differs from the pipeline's: of a document's field `lanes`, which has a traceparent too."""
    pairs = (word.partition("=") for word in field.split() if not word.startswith("@"))
    return {step: lane for step, _, lane in pairs}


def trace_in(field: str) -> str:
    """The traceparent in that field; empty where there is none."""
    return next((word[1:] for word in field.split() if word.startswith("@")), "")


def known_lanes() -> list[str]:
    """The names of all lanes that this process knows, in the order in which they were declared."""
    return list(_known)
