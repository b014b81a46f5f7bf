"""Models: which there are, and where each is loaded now."""

from typing import Any

import msgspec
from pydantic import BaseModel


class Loaded(msgspec.Struct):
    """A model in a slot's memory.

    Args:
        idle: seconds since its last use.
        card: UUID.
    """

    worker: str
    slot: str
    card: str
    bytes: int
    pinned: bool
    loads: int
    idle: float | None


class ModelOut(msgspec.Struct):
    """A model.

    Args:
        known: whether the catalogue of this process has it; else a worker told of it.
        bytes: as declared; None is found out by loading it.
        runtime: its family of libraries: two families never share a process on a card.
        pin: never evicted. preload: loaded before a process takes its first job.
        steps: `<pipeline>/<step>` that need it.
    """

    name: str
    known: bool
    bytes: int | None
    runtime: str
    pin: bool
    preload: bool
    steps: list[str]
    loaded: list[Loaded]


class ModelList(msgspec.Struct):
    """The models, by name."""

    models: list[ModelOut]


ANSWERS: tuple[type[Any], ...] = (ModelList,)
BODIES: tuple[type[BaseModel], ...] = ()
