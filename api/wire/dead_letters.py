"""Documents that failed for good."""

from typing import Any

import msgspec
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from orchestrator.calls.answers import LONGEST_WHY
from orchestrator.outlook.dead_letters import DeadLetters

MOST_RETRIED = 10_000
"""Documents of one call."""


class BulkRetry(BaseModel):
    """Which dead letters are tried again: all that is given must hold."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    error: str | None = Field(default=None, description="A word that its error has: its class, or its step.")
    pipeline: str | None = Field(default=None, description="Its name.")
    flag: str | None = Field(default=None, max_length=32, description="That it carries.")
    since: AwareDatetime | None = Field(default=None, description="Submitted then or later.")
    until: AwareDatetime | None = Field(default=None, description="Submitted before then.")
    start: str | None = Field(default=None, alias="from", description="The step from which on all runs again.")
    why: str = Field(default="asked for over REST", max_length=LONGEST_WHY, description="For their logs.")
    most: int = Field(default=MOST_RETRIED, ge=1, le=MOST_RETRIED, description="Documents at most.")
    dry_run: bool = Field(default=False, description="Say how many it would be, and change nothing.")


class Retried(msgspec.Struct):
    """What became of a bulk retry.

    Args:
        count: documents that were meant.
        more: whether there were more than it was to be at most: then ask again.
        words: what became of them -> how many: `revived`; `repeated`, by someone else; `complete`: nothing is missing;
            `no-step`.
    """

    count: int
    dry_run: bool
    more: bool
    words: dict[str, int]


ANSWERS: tuple[type[Any], ...] = (DeadLetters, Retried)
BODIES: tuple[type[BaseModel], ...] = (BulkRetry,)
