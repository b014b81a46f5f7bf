"""Changing a document that is there, and asking why it is where it is."""

from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.schemas import YEAR
from orchestrator.admission import URGENT
from orchestrator.outlook.views import Why


class Amendment(BaseModel):
    """What is to be different; what is left out stays as it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    priority: int | None = Field(default=None, ge=0, le=URGENT, description="9 (urgent) to 0.")
    deadline: float | None = Field(
        default=None,
        gt=0,
        le=YEAR,
        allow_inf_nan=False,
        description="Seconds from now in which it must have ended; null takes its deadline away.",
    )


ANSWERS: tuple[type[Any], ...] = (Why,)
BODIES: tuple[type[BaseModel], ...] = (Amendment,)
