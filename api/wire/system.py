"""What machines ask of a service."""

from typing import Any

import msgspec
from pydantic import BaseModel

from orchestrator.worker_views import WorkerView


class Readiness(msgspec.Struct):
    """Work that is submitted here is taken up.

    Args:
        lanes: that the pipelines use -> whether a live worker serves it.
    """

    status: str
    lanes: dict[str, bool]


class Version(msgspec.Struct):
    """Which docmill this is."""

    version: str
    api: str
    pipelines: dict[str, str]
    """Name -> version, for people."""


ANSWERS: tuple[type[Any], ...] = (Readiness, Version, WorkerView)
BODIES: tuple[type[BaseModel], ...] = ()
