"""The catalogue: which models exist and how each is loaded. What is loaded now is the worker's business."""

from collections.abc import Callable
from typing import Any

from orchestrator.errors import UsageError
from orchestrator.settings import Settings

Loader = Callable[[Settings], Any]

_catalogue: dict[str, Loader] = {}


def model(name: str) -> Callable[[Loader], Loader]:
    """Put a model into the catalogue under `name`; the decorated function loads it, with heavy imports inside.

    ```python
    @model("paddleocr")
    def load(settings: Settings) -> PaddleOCR: ...
    ```
    """

    def register(loader: Loader) -> Loader:
        _catalogue[name] = loader
        return loader

    return register


def loader_of(name: str) -> Loader:
    """The function that loads that model.

    Raises:
        UsageError: no model of that name; the text lists those there are.
    """
    if name not in _catalogue:
        raise UsageError(
            f"there is no model {name!r} in the catalogue: {', '.join(sorted(_catalogue)) or 'it is empty'}"
        )
    return _catalogue[name]
