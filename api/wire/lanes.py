"""Lanes: what waits in each, and what bounds it."""

from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.outlook.views import LaneOutlook

LARGEST = 1_000_000_000


class LaneBounds(BaseModel):
    """What is to bound a lane from now on: what is left out stays as it is, null takes a bound away."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    rate: float | None = Field(
        default=None, gt=0, le=LARGEST, allow_inf_nan=False, description="Jobs a second that it gives out at most."
    )
    burst: int | None = Field(
        default=None, ge=1, le=LARGEST, description="Jobs that it may give out at once after it gave none for a while."
    )
    most: int | None = Field(
        default=None,
        ge=1,
        le=LARGEST,
        description="Entries that may wait in it; then submissions are refused with 429.",
    )


class Bounds(msgspec.Struct):
    """What bounds a lane; None is no bound."""

    rate: float | None = None
    burst: int | None = None
    most: int | None = None


class Lane(LaneOutlook):
    """One lane: what waits in it, when it is through with that, and what bounds it."""

    bounds: Bounds


class LaneList(msgspec.Struct):
    """The lanes that ever held a job, or that a worker serves, by name."""

    lanes: list[Lane]


ANSWERS: tuple[type[Any], ...] = (Lane, LaneList)
BODIES: tuple[type[BaseModel], ...] = (LaneBounds,)
