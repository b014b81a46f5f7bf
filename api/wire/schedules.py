"""Schedules: what is submitted again and again."""

from typing import Any, Literal

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from api.schemas import YEAR
from orchestrator.admission import URGENT
from orchestrator.schedules import Scheduled

LONGEST_CRON = 200
NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"


class ScheduleTerms(BaseModel):
    """What is submitted, and when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    cron: str = Field(max_length=LONGEST_CRON, description="minute hour day month weekday; six have seconds first.")
    pipeline: str
    parameters: dict[str, Any] = Field(default_factory=dict[str, Any])
    zone: str = Field(default="UTC", max_length=64, description="Time zone of the expression: Europe/Berlin.")
    priority: int | None = Field(default=None, ge=0, le=URGENT, description="9 (urgent) to 0; 5 where none is named.")
    lanes: dict[str, str] = Field(default_factory=dict[str, str], description="step -> lane, where it should differ.")
    deadline: float | None = Field(
        default=None, gt=0, le=YEAR, allow_inf_nan=False, description="Seconds in which each document must have ended."
    )
    catch_up: Literal["latest", "all", "none"] = Field(
        default="latest", description="Of ticks missed while nothing ran: run the latest, all (100) or none."
    )
    overlap: Literal["allow", "skip"] = Field(
        default="allow", description="While the last document has not ended: allow another, or skip the tick."
    )


class NewSchedule(ScheduleTerms):
    """A schedule to be."""

    name: str = Field(pattern=NAME, description="Letters, digits, '_', '.' and '-', at most 64.")


class ScheduleList(msgspec.Struct):
    """All schedules, the one that is due first first."""

    schedules: list[Scheduled]


class ScheduleOut(msgspec.Struct):
    """A schedule, and what became of its last ticks, oldest first: `<ms> <word> <document>`."""

    kept: Scheduled
    log: list[str]


ANSWERS: tuple[type[Any], ...] = (ScheduleList, ScheduleOut)
BODIES: tuple[type[BaseModel], ...] = (NewSchedule, ScheduleTerms)
