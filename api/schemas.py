"""What goes over the wire: bodies that are read (pydantic, so that every fault is told) and answered (msgspec)."""

from typing import Any

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.admission import URGENT, USUAL
from orchestrator.calls.answers import LONGEST_WHY
from orchestrator.calls.once import NAME
from orchestrator.hooks import LONGEST_URL
from orchestrator.worker_views import WorkerView

YEAR = 31_536_000
"""Seconds."""


class Submission(BaseModel):
    """A document to work on: a file by `path` or `url`, a `text`, an upload, or parameters alone."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    pipeline: str = "document"
    path: str | None = Field(default=None, description="An absolute path on the server, where the server allows it.")
    url: str | None = Field(
        default=None, max_length=2048, description="http:// or https://; what it leads to is read now, once."
    )
    text: str | None = Field(default=None, description="The parameter `text`, or the content of a text file.")
    parameters: dict[str, Any] = Field(default_factory=dict[str, Any], description="See /v1/pipelines.")
    priority: int = Field(default=USUAL, ge=0, le=URGENT, description="9 (urgent) to 0.")
    lanes: dict[str, str] = Field(default_factory=dict[str, str], description="step -> lane, where it should differ.")
    delay: float = Field(default=0.0, ge=0, le=YEAR, allow_inf_nan=False, description="Seconds until it may start.")
    deadline: float | None = Field(
        default=None, gt=0, le=YEAR, allow_inf_nan=False, description="Seconds in which it must have ended."
    )
    webhook: str | None = Field(
        default=None,
        max_length=LONGEST_URL,
        description="Where to post that this document has ended; see /v1/webhooks.",
    )
    webhook_secret: str = Field(
        default="", max_length=100, description="With which that is signed: whsec_ and 24 to 64 bytes in base64."
    )
    unique: str | None = Field(
        default=None, pattern=NAME.pattern, description="One document of this name is at work at a time."
    )
    unique_for: float | None = Field(
        default=None,
        gt=0,
        le=YEAR,
        allow_inf_nan=False,
        description="Seconds that the name is taken; else until its end.",
    )


class Cancellation(BaseModel):
    """Why a document is to end."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    why: str = Field(default="someone asked for its end", max_length=LONGEST_WHY, description="For its log.")


class Links(msgspec.Struct):
    """Where to go from here."""

    self: str
    wait: str
    """Answers when the document is final, or after half a minute."""
    result: str


class Accepted(msgspec.Struct):
    """The answer to a submission: the document will reach a final state."""

    id: str
    status: str
    links: Links


class Row(msgspec.Struct):
    """A document in a list; its own address tells the rest. Times are ISO 8601, UTC."""

    id: str
    status: str
    pipeline: str
    priority: int
    tenant: str
    submitted_at: str
    started_at: str | None
    finished_at: str | None
    error: str | None
    flags: list[str]
    link: str


class DocumentList(msgspec.Struct):
    """Documents, newest first."""

    documents: list[Row]
    next: str | None = None
    """The address of the next page; None where there is none."""


class WorkerList(msgspec.Struct):
    """The workers heard of in the last hour: those that are alive, and those that fell silent or ended."""

    workers: list[WorkerView]


class Health(msgspec.Struct):
    """This process answers; it says nothing of Redis."""

    status: str


class Fault(msgspec.Struct, omit_defaults=True):
    """One fault of a request: in its body (a JSON pointer) or in a parameter."""

    detail: str
    pointer: str | None = None
    parameter: str | None = None


class ProblemBody(msgspec.Struct, omit_defaults=True):
    """An error, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    errors: list[Fault] = []


ANSWERS = (Accepted, DocumentList, WorkerList, Health, ProblemBody)
