"""Batches: documents submitted together."""

from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from api.schemas import YEAR
from orchestrator.admission import URGENT
from orchestrator.batches.lines import LONGEST_ID, MOST_LINES
from orchestrator.batches.outcomes import Outcome
from orchestrator.batches.views import BatchView

LONGEST_NAME = 200
"""Characters of a name for people."""


class BatchTerms(BaseModel):
    """What holds for all documents of a batch."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pipeline: str = "document"
    id: str | None = Field(
        default=None,
        max_length=64,
        description="Made by the client, as a document's. The same lines with it again go on where they were left.",
    )
    name: str = Field(default="", max_length=LONGEST_NAME, description="For people.")
    aggregate: str | None = Field(
        default=None, description="The pipeline to run once the last document has ended, however it ended."
    )
    given: dict[str, Any] = Field(default_factory=dict[str, Any], description="The aggregate's other parameters.")
    priority: int | None = Field(default=None, ge=0, le=URGENT, description="9 (urgent) to 0; 5 where none is named.")
    lanes: dict[str, str] = Field(default_factory=dict[str, str], description="step -> lane, where it should differ.")
    delay: float = Field(default=0.0, ge=0, le=YEAR, allow_inf_nan=False, description="Seconds until they may start.")
    deadline: float | None = Field(
        default=None, gt=0, le=YEAR, allow_inf_nan=False, description="Seconds in which each must have ended."
    )


class BatchLine(BaseModel):
    """One document to be: a file by `path`, a `text`, or parameters alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    parameters: dict[str, Any] = Field(default_factory=dict[str, Any])
    path: str | None = Field(default=None, description="An absolute path on the server, where the server allows it.")
    text: str | None = Field(default=None, description="The parameter `text`, or the content of a text file.")
    custom_id: str | None = Field(
        default=None, max_length=LONGEST_ID, description="What you call it: its outcome has it too."
    )


class BatchSubmission(BatchTerms):
    """A batch, with its documents."""

    lines: list[BatchLine] = Field(max_length=MOST_LINES, description="One a document; many are better sent as JSONL.")


class BatchLinks(msgspec.Struct):
    """Where to go from here."""

    self: str
    outcomes: str


class BatchAccepted(msgspec.Struct):
    """The answer to a batch: its documents will reach final states.

    Args:
        documents: lines that became documents; refused: those that did not.
        refusals: line -> why, of some; all where they are few. The outcomes tell each.
    """

    id: str
    state: str
    documents: int
    refused: int
    refusals: dict[str, str]
    links: BatchLinks


class BatchList(msgspec.Struct):
    """Batches, newest first."""

    batches: list[BatchView]
    next: str | None = None
    """The address of the next page; None where there is none."""


class OutcomeList(msgspec.Struct):
    """What became of lines, in their order."""

    outcomes: list[Outcome]
    next: str | None = None
    """The address of the next page; None where there is none."""


ANSWERS: tuple[type[Any], ...] = (BatchAccepted, BatchList, BatchView, OutcomeList)
BODIES: tuple[type[BaseModel], ...] = (BatchSubmission,)
