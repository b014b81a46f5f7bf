"""Blobs that an output names: what is kept has copies of its own, and whoever gets it has copies of its own again.

A reference is an object's field `blob` with a path of the blob store, as in `Source`. One that only repeats an argument's
is kept as that argument's number, `=0`: whoever has the same arguments has the same bytes.
"""

from collections.abc import Callable, Sequence
from typing import Any

FIELD = "blob"
OF_ARGUMENT = "="


def mapped(tree: Any, change: Callable[[str], str]) -> Any:
    """A decoded JSON value with each reference changed."""
    if isinstance(tree, list):
        return [mapped(one, change) for one in tree]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(tree, dict):
        return tree
    members: dict[str, Any] = {name: mapped(one, change) for name, one in tree.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(path := members.get(FIELD), str):
        members[FIELD] = change(path)
    return members


def detached(tree: Any, document: str, arguments: Sequence[str], adopt: Callable[[str], str]) -> Any:
    """The value without references into a document.

    Args:
        arguments: the blobs that the step was given.
        adopt: copies another blob of the document, and returns the copy's path.
    """

    def change(path: str) -> str:
        if not path.startswith(f"{document}/"):
            return path
        return f"{OF_ARGUMENT}{arguments.index(path)}" if path in arguments else adopt(path)

    return mapped(tree, change)


def attached(tree: Any, folder: str, arguments: Sequence[str], adopt: Callable[[str], str]) -> Any:
    """The value with references into another document: the opposite of `detached`.

    Args:
        folder: in which the copies lie.
        adopt: copies one of them.
    """

    def change(path: str) -> str:
        if path.startswith(OF_ARGUMENT):
            return arguments[int(path.removeprefix(OF_ARGUMENT))]
        return adopt(path) if path.startswith(folder) else path

    return mapped(tree, change)
