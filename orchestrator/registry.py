"""The pipelines of this process: plug-ins named in settings (`module:attribute`), the built-in ones like a user's own."""

import importlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from orchestrator.errors import NotFound, PipelineError
from orchestrator.forms import load_forms
from orchestrator.graph import Pipeline, Step
from orchestrator.lanes import lane
from orchestrator.settings import Settings

OWN = ("worker.pipelines.deliver:deliver",)
"""What docmill itself makes documents of."""


class Registry:
    """Pipelines by name and by id, those of `on_finish` included.

    Args:
        own: docmill's own, which nobody submits to.
    """

    def __init__(self, pipelines: Iterable[Pipeline], own: Iterable[Pipeline] = ()) -> None:
        self._by_name: dict[str, Pipeline] = {}
        self._by_id: dict[str, Pipeline] = {}
        for pipeline in pipelines:
            self._by_name[pipeline.name] = pipeline
            for one in (pipeline, pipeline.on_finish):
                if one is not None:
                    self._by_id[one.id] = one
        self._own = {pipeline.name: pipeline for pipeline in own}
        self._by_id |= {pipeline.id: pipeline for pipeline in self._own.values()}

    @property
    def ids(self) -> list[str]:
        """The ids of all pipelines that this process can run."""
        return list(self._by_id)

    @property
    def steps(self) -> list[Step[Any]]:
        """The steps of all pipelines."""
        return [call.step for pipeline in self._by_id.values() for call in pipeline.calls.values()]

    @property
    def names(self) -> list[str]:
        """The names that can be submitted to."""
        return list(self._by_name)

    @property
    def following(self) -> frozenset[str]:
        """The names of what documents are made of by a document's end: nobody submits those."""
        ends = (pipeline.on_finish for pipeline in self._by_name.values())
        return frozenset(self._own) | {end.name for end in ends if end is not None and end.name not in self._by_name}

    def named(self, name: str) -> Pipeline:
        """The pipeline of that name, or of that id, `name@digest`.

        Raises:
            NotFound: the text lists those there are.
        """
        found = self._by_name.get(name.partition("@")[0])
        if found is None or name not in (found.name, found.id):
            there = ", ".join(sorted(self._by_name) if found is None else (found.name, found.id))
            raise NotFound(f"there is no pipeline {name!r}: use one of {there}, or name yours in DOCMILL_PIPELINES")
        return found

    def own(self, name: str) -> Pipeline:
        """The pipeline of docmill's own that has that name."""
        return self._own[name]

    def with_id(self, pipeline_id: str) -> Pipeline:
        """The pipeline of that id; a slot is never given another."""
        return self._by_id[pipeline_id]


def load_registry(settings: Settings) -> Registry:
    """Import every pipeline and every module of forms that the settings name, and declare the lanes they name.

    Raises:
        PipelineError: a module or attribute is missing, or is not a pipeline.
    """
    for name in filter(None, (part.strip() for part in settings.lanes.split(","))):
        lane(name)
    load_forms(settings.forms)
    return Registry((_load(name.strip()) for name in settings.pipelines), map(_load, OWN))


def _load(name: str) -> Pipeline:
    module, _, attribute = name.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.append(here)  # a user's own module lies where docmill is started; it shadows none of ours
    try:
        found = getattr(importlib.import_module(module), attribute)
    except PipelineError:
        raise
    except Exception as problem:  # a user's module may do anything when it is imported
        why = f"{type(problem).__name__}: {problem}"
        raise PipelineError(f"DOCMILL_PIPELINES names {name!r}, which cannot be loaded: {why}") from problem
    if not isinstance(found, Pipeline):
        raise PipelineError(f"DOCMILL_PIPELINES names {name!r}, which is not a pipeline")
    return found
