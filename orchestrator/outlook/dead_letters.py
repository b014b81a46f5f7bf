"""Dead letters: documents that failed for good, and what they failed of."""

from collections import Counter
from collections.abc import Sequence

import msgspec

from orchestrator.reading import Reading
from orchestrator.views import Document, told_of

MOST_COUNTED = 500
"""The newest so many are looked at for the counts."""


class DeadLetter(msgspec.Struct):
    """One that failed.

    Args:
        step: that failed it; empty where none did: its deadline passed.
        error: its class.
        why: its text; None where nobody asked for it, or the document's log has it no more.
    """

    document: str
    pipeline: str
    failed_at: str | None
    step: str
    error: str
    why: str | None = None


class Kind(msgspec.Struct):
    """How many failed of the same."""

    step: str
    error: str
    count: int


class DeadLetters(msgspec.Struct):
    """What is known of them.

    Args:
        total: all that are kept, some of `on_finish` among them.
        kinds: the most frequent first; of the newest `MOST_COUNTED`.
        letters: the newest first.
    """

    total: int
    kinds: list[Kind]
    letters: list[DeadLetter]


async def read_dead_letters(
    mill: Reading, most: int, error: str | None = None, tenant: str | None = None, looked: int = MOST_COUNTED
) -> DeadLetters:
    """The newest of them.

    Args:
        error: only those whose error has this word: its class, or its step.
        tenant: only theirs; then `total` is of those that were looked at.
        looked: so many of the newest are looked at.
    """
    newest = [one for one in await mill.list("failed", looked) if tenant in (None, one.tenant)]
    total = await mill.transport.send(mill.calls.count("by:failed")) if tenant is None else len(newest)
    found = [_letter(document) for document in newest if _is_meant(document, error)]
    counted = Counter((letter.step, letter.error) for letter in found)
    kinds = [Kind(step, name, count) for (step, name), count in counted.most_common()]
    return DeadLetters(total, kinds, found[:most])


async def tell_whys(mill: Reading, letters: Sequence[DeadLetter]) -> None:
    """Write into each what its document's log says of its error."""
    logs = await mill.transport.send_all([mill.calls.log(letter.document) for letter in letters])
    for letter, log in zip(letters, logs, strict=True):
        letter.why = told_of(letter.step, letter.error, log) if letter.step else None


def _is_meant(document: Document, error: str | None) -> bool:
    return error is None or error.casefold() in (document.error or "").casefold()


def _letter(document: Document) -> DeadLetter:
    step, colon, error = (document.error or "").partition(": ")
    if not colon:
        step, error = "", document.error or ""
    return DeadLetter(document.id, document.pipeline, document.finished_at, step, error)
