"""`predict`: one input, or a list of inputs, through a model that stays loaded."""

from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from api.schemas import YEAR
from orchestrator.admission import URGENT


class PredictionWanted(BaseModel):
    """One `input`, or a list of `inputs` that go through the model together."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: list[Any] | None = Field(default=None, description="Numbers, as nested lists in the shape of the model.")
    inputs: list[Any] | None = Field(default=None, description="Several of them.")
    model: str = Field(default="default", max_length=128, description="`default` is that of the settings.")
    priority: int | None = Field(default=None, ge=0, le=URGENT, description="9 (urgent) to 0; 5 where none is named.")
    deadline: float | None = Field(
        default=None, gt=0, le=YEAR, allow_inf_nan=False, description="Seconds in which it must have ended."
    )


class PredictionState(msgspec.Struct):
    """A prediction as it is now.

    Args:
        status: the document's.
        done: inputs that have a prediction, as far as the worker has told; None of one input.
        result: the prediction, or that of each input and how many there are; None until it has succeeded.
        error: why it failed.
        link: its document.
    """

    id: str
    status: str
    done: int | None
    total: int | None
    result: Any
    error: str | None
    link: str


ANSWERS: tuple[type[Any], ...] = (PredictionState,)
BODIES: tuple[type[BaseModel], ...] = (PredictionWanted,)
