"""The pipelines of a test inside a worker's process: imported from where they were written, with their faults.

`DOCMILL_PIPELINES=worker.testing.inside:<name>` finds them here; `DOCMILL_TESTING` says where they are.
"""

import importlib
import os
from functools import cache
from pathlib import Path

import msgspec

from orchestrator.graph import Pipeline
from worker.testing.faults import Faults
from worker.testing.instruments import Instruments, die

VARIABLE = "DOCMILL_TESTING"


class Told(msgspec.Struct, frozen=True):
    """What a worker's process is told.

    Args:
        faults: the folder where they lie.
        places: pipeline -> module, attribute.
    """

    faults: str
    places: dict[str, tuple[str, str]]


@cache
def _told() -> Told:
    return msgspec.json.decode(os.environ.get(VARIABLE, '{"faults": "", "places": {}}'), type=Told)


def __getattr__(name: str) -> Pipeline:
    if name not in _told().places:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, attribute = _told().places[name]
    found: Pipeline = getattr(importlib.import_module(module), attribute)
    return Instruments(Faults(Path(_told().faults)), die).pipeline(found)
