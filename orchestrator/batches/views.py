"""A batch as it is shown."""

import math
from collections.abc import Mapping

import msgspec

from orchestrator.outlook.spans import span
from orchestrator.views import iso

ENOUGH = 5
"""Documents that must have ended before anything is said of the rest."""


class EndedBatch(msgspec.Struct, frozen=True):
    """What an aggregate is told: which batch, and how its documents ended. `ctx.outcomes` reads them."""

    id: str
    documents: int = 0
    succeeded: int = 0
    partial: int = 0
    failed: int = 0
    cancelled: int = 0
    refused: int = 0
    """Lines that never became a document."""


class BatchView(msgspec.Struct):
    """A batch as it is now."""

    id: str
    name: str
    state: str
    """open: it takes documents; closed: all are in; ended: the last has ended."""
    pipeline: str
    priority: int
    tenant: str
    documents: int
    queued: int
    running: int
    succeeded: int
    partial: int
    failed: int
    cancelled: int
    refused: int
    opened_at: str
    closed_at: str | None
    ended_at: str | None
    aggregate: str | None
    """The document that the aggregate is, or will be."""
    cancelling: str | None
    """Why it is being cancelled."""
    eta: tuple[float, float] | None = None
    """Seconds until its last document may have ended, at least and at most; None where too few have ended to tell."""
    eta_basis: str | None = None
    """What that stands on."""

    @property
    def ended(self) -> int:
        """Documents that have ended."""
        return self.succeeded + self.partial + self.failed + self.cancelled

    @property
    def is_final(self) -> bool:
        """Whether all its documents have ended."""
        return self.state == "ended"


def view_batch(batch: str, head: Mapping[str, str], now: float) -> BatchView:
    """Compose the view.

    Args:
        head: the fields of `batch:<id>`.
        now: the server's clock, seconds.
    """
    counted = {name: int(head.get(name, 0)) for name in ("running", "succeeded", "partial", "failed", "cancelled")}
    documents = int(head["documents"])
    eta, basis = None, None
    begun, ended = head.get("begun"), sum(counted.values()) - counted["running"]
    if begun and head["state"] != "ended":
        elapsed = now - int(begun) / 1000
        eta = _eta(documents - ended, ended, elapsed)
        basis = f"{ended} of {documents} ended within {span(elapsed)}" if eta else None
    return BatchView(
        id=batch,
        name=head.get("name", ""),
        state=head["state"],
        pipeline=head["pipeline"],
        priority=int(head["priority"]),
        tenant=head["tenant"],
        documents=documents,
        queued=documents - sum(counted.values()),
        refused=int(head.get("refused", 0)),
        opened_at=iso(head["opened"]) or "",
        closed_at=iso(head.get("closed")),
        ended_at=iso(head.get("ended")),
        aggregate=f"{batch}.aggregate" if "aggregate" in head else None,
        cancelling=head.get("cancelling"),
        running=counted["running"],
        succeeded=counted["succeeded"],
        partial=counted["partial"],
        failed=counted["failed"],
        cancelled=counted["cancelled"],
        eta=eta,
        eta_basis=basis,
    )


def _eta(left: int, ended: int, elapsed: float) -> tuple[float, float] | None:
    """From how many have ended since the first began: twice the spread that so many random arrivals have, either way."""
    if ended < ENOUGH or elapsed <= 0:
        return None
    each, spread = elapsed / ended, 2 / math.sqrt(ended)
    return left * each / (1 + spread), left * each * (1 + spread)
