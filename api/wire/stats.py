"""How it goes, in figures."""

from typing import Any

import msgspec
from pydantic import BaseModel

from orchestrator.outlook.views import LaneFigures


class Stats(msgspec.Struct):
    """All of docmill at one moment.

    Args:
        at: when, ISO 8601, by the server's clock.
        lanes: that ever held a job, or that a worker serves, by name.
        workers: heard of in the last hour, by state.
        slots: of live workers; busy: those of them that hold a job.
        leased: jobs being run; delayed: jobs that wait for a time; held: entries kept back, by what holds them.
        documents: that are kept, by status.
    """

    at: str
    lanes: list[LaneFigures]
    workers: dict[str, int]
    slots: int
    busy: int
    leased: int
    delayed: int
    held: dict[str, int]
    documents: dict[str, int]


ANSWERS: tuple[type[Any], ...] = (Stats, LaneFigures)
BODIES: tuple[type[BaseModel], ...] = ()
