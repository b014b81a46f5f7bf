"""All of a kind at once: first how many that is, then done to so many and no more; over 100, where the count was typed."""

from collections import Counter

from pydantic import BaseModel, ConfigDict, Field

from api.problems import Problem
from orchestrator.client import Mill
from orchestrator.overview.wording import many
from orchestrator.selecting import Selection
from orchestrator.states import DocumentState

MOST = 10_000
"""Documents of one go."""
TYPED_ABOVE = 100
"""From here on the count is to be typed."""
AT_ONCE = 100
"""Documents between two looks at what has changed."""
VERBS = {
    "retry": (DocumentState.FAILED, DocumentState.PARTIAL, DocumentState.CANCELLED),
    "cancel": (DocumentState.QUEUED, DocumentState.RUNNING),
}
"""What can be done to documents of which statuses."""


class Bulk(BaseModel):
    """What a form says: which documents, and how many somebody saw that these are."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: DocumentState
    pipeline: str = Field(default="", max_length=200)
    error: str = Field(default="", max_length=200)
    flag: str = Field(default="", max_length=32)
    count: int = Field(ge=0, le=MOST)
    typed: str = Field(default="", max_length=20)

    def selection(self, tenant: str | None) -> Selection:
        """The documents that are meant."""
        return Selection((self.status,), self.pipeline or None, self.error or None, self.flag or None, tenant=tenant)

    def check(self, verb: str) -> None:
        """Refuse what nobody can have meant.

        Raises:
            Problem: the count was not typed, or that cannot be done to documents of such a status.
        """
        if self.status not in VERBS[verb]:
            raise Problem("invalid-request", f"documents that are {self.status} cannot be told to {verb}")
        if self.count > TYPED_ABOVE and self.typed.replace(",", "").strip() != str(self.count):
            raise Problem(
                "invalid-request", f"nothing was done: type {self.count} to {verb} {many(self.count, 'document')}"
            )


def may(verb: str, selection: Selection) -> bool:
    """Whether that can be done to all of a kind: of one status, so that it is plain which these are."""
    return len(selection.statuses) == 1 and selection.statuses[0] in VERBS.get(verb, ())


async def chosen(mill: Mill, selection: Selection, most: int = MOST) -> list[str]:
    """The documents that are meant, oldest first. All are found before anything is done: that moves them."""
    found: list[str] = []
    async for document in mill.select(selection):
        found.append(document.id)
        if len(found) == most:
            break
    return found


async def do_all(mill: Mill, verb: str, documents: list[str]) -> Counter[str]:
    """Do it, and count what became of them."""
    words: Counter[str] = Counter()
    why = "asked for on the page, for all of a kind"
    for first in range(0, len(documents), AT_ONCE):
        some = documents[first : first + AT_ONCE]
        words.update(await (mill.retry_all(some, why=why) if verb == "retry" else mill.cancel_all(some, why)))
    return words
