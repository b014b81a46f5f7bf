"""The catalogue: which models exist and how each is loaded. What is loaded now is the worker's business."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from orchestrator.errors import UsageError
from orchestrator.settings import Settings

Loader = Callable[[Settings], Any]
Revision = str | Callable[[Settings], str]


@dataclass(frozen=True)
class ModelInfo:
    """What the catalogue knows of a model.

    Args:
        bytes: what it takes of the card's memory, of the host's where there is no card; None is found out by loading it.
        runtime: its family of libraries (`torch`, `paddle`, any word): two families never share a process on a card.
            Empty is none: a client of a server, say.
        pin: never evicted.
        preload: loaded before the process takes its first job.
        revision: what tells these weights and options from others of that name, or finds it from the settings: results
            of steps are kept apart by it.
    """

    name: str
    loader: Loader = field(repr=False)
    bytes: int | None = None
    runtime: str = ""
    pin: bool = False
    preload: bool = False
    revision: Revision = ""


class Resident(msgspec.Struct, frozen=True):
    """A model that is loaded in a process now.

    Args:
        bytes: what it takes, as measured or declared.
        loaded_at: epoch seconds.
        last_used: epoch seconds.
        loads: how often this process loaded it; more than 1 means that it was evicted and came back.
        seconds: how long the last load took, its warm-up included.
    """

    name: str
    bytes: int
    pinned: bool
    loaded_at: float
    last_used: float
    loads: int
    seconds: float


_catalogue: dict[str, ModelInfo] = {}


def model(
    name: str,
    *,
    bytes: int | None = None,  # the word that is read in a user's module
    runtime: str = "",
    pin: bool = False,
    preload: bool = False,
    revision: Revision = "",
) -> Callable[[Loader], Loader]:
    """Put a model into the catalogue under `name`; the decorated function loads it, with heavy imports inside.

    A loaded model that has `warm_up()` runs it before it counts as ready; one that has `close()` or `unload()` is told
    when it is evicted. The other arguments are those of `ModelInfo`.

    ```python
    @model("paddleocr", bytes=900_000_000, runtime="paddle")
    def load(settings: Settings) -> PaddleOCR: ...
    ```

    Raises:
        UsageError: a negative size.
    """
    if bytes is not None and bytes < 0:
        raise UsageError(f"model {name!r}: bytes={bytes} is no size; leave it out to have it measured")

    def register(loader: Loader) -> Loader:
        _catalogue[name] = ModelInfo(name, loader, bytes, runtime, pin, preload, revision)
        return loader

    return register


def model_of(name: str) -> ModelInfo:
    """What the catalogue knows of that model.

    Raises:
        UsageError: no model of that name; the text lists those there are.
    """
    if name not in _catalogue:
        raise UsageError(
            f"there is no model {name!r} in the catalogue: {', '.join(sorted(_catalogue)) or 'it is empty'}"
        )
    return _catalogue[name]


def loader_of(name: str) -> Loader:
    """The function that loads that model.

    Raises:
        UsageError: no model of that name; the text lists those there are.
    """
    return model_of(name).loader


def revision_of(name: str, settings: Settings) -> str:
    """What tells that model from others of its name, with these settings; empty where nobody said.

    Raises:
        UsageError: no model of that name.
    """
    revision = model_of(name).revision
    return revision if isinstance(revision, str) else revision(settings)


def catalogue() -> list[ModelInfo]:
    """Every model there is, in the order of registration."""
    return list(_catalogue.values())
