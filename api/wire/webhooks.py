"""Webhooks: who is told of the ends of documents and batches."""

import msgspec
from pydantic import BaseModel, ConfigDict, Field

from orchestrator.hooks import LONGEST_URL

EVENT = "document."
"""What the name of a document's event begins with; a final state follows."""


class NewWebhook(BaseModel):
    """A receiver to be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: str = Field(max_length=LONGEST_URL, description="https:// or http://; each event is posted there, signed.")
    events: list[str] = Field(
        default_factory=list[str],
        max_length=8,
        description="Such as document.failed or batch.ended; none is every end of a document, and of a batch.",
    )
    secret: str | None = Field(
        default=None, max_length=100, description="whsec_ and 24 to 64 bytes in base64; without it one is made."
    )


class WebhookOut(msgspec.Struct):
    """A receiver."""

    id: str
    tenant: str
    url: str
    events: list[str]
    state: str
    """active or disabled."""
    added_at: str
    why: str | None
    """Why it is disabled."""


class WebhookAdded(WebhookOut):
    """A receiver, and its secret, which is shown this once."""

    secret: str = ""


class WebhookList(msgspec.Struct):
    """Receivers, the oldest first."""

    webhooks: list[WebhookOut]


class Delivery(msgspec.Struct):
    """One receiver told, or to be told, of one document or batch: a document itself. Times are ISO 8601, UTC."""

    id: str
    """Also the `webhook-id` with which it is posted."""
    document: str
    """Whose end it tells: a document's, or a batch's."""
    status: str
    """queued or running: it will be tried, or tried again; succeeded; failed; cancelled."""
    attempts: int
    submitted_at: str
    finished_at: str | None
    log: list[str]
    """What went wrong."""


class DeliveryList(msgspec.Struct):
    """Deliveries, the newest first."""

    deliveries: list[Delivery]


ANSWERS = (WebhookOut, WebhookAdded, WebhookList, Delivery, DeliveryList)
BODIES = (NewWebhook,)
