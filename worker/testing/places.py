"""Where a pipeline was written, so that a worker's process can import it, from a test's file too."""

import os
import sys
from dataclasses import dataclass
from pathlib import Path

from orchestrator.errors import UsageError
from orchestrator.graph import Pipeline


@dataclass(frozen=True)
class Place:
    """How to import one.

    Args:
        folder: that must be on the path of imports.
    """

    module: str
    attribute: str
    folder: str


def place_of(pipeline: Pipeline) -> Place:
    """The place of a pipeline.

    Raises:
        UsageError: it has no name at the top of a module.
    """
    for module in list(sys.modules.values()):
        for attribute, value in list(getattr(module, "__dict__", {}).items()):
            if value is pipeline and (file := getattr(module, "__file__", None)):
                name, folder = _importable(module.__name__, Path(file))
                return Place(name, attribute, str(folder))
    raise UsageError(
        f"pipeline {pipeline.name!r} cannot be imported by a worker's process: define it at the top of a module"
    )


def _importable(name: str, file: Path) -> tuple[str, Path]:
    """A module's name and folder. Under the name that pytest gave it, another process may not find it."""
    parts = name.split(".")
    parents = file.parents[1:] if file.name == "__init__.py" else file.parents
    folder = parents[len(parts) - 1] if len(parents) >= len(parts) else file.parent
    if file.with_suffix("") in (folder.joinpath(*parts), folder.joinpath(*parts, "__init__")):
        return name, folder
    top = file.parent
    while (top / "__init__.py").exists():
        top = top.parent
    return ".".join(file.relative_to(top).with_suffix("").parts), top


def import_path(folders: list[str]) -> str:
    """`PYTHONPATH` of a process that imports what this one can, and what lies in these folders."""
    return os.pathsep.join(dict.fromkeys([*filter(None, sys.path), *folders]))
