"""W3C trace context, and which trace a run of a job belongs to.

A run's span has the id that its lease's token gives it. So whoever knows the token knows the span: a later run links to an
earlier one without either having told the other, and a supervisor tells the span of a process that was killed.
"""

import re
from hashlib import sha256
from typing import NamedTuple, Self

HEADER = re.compile(r"(?!ff)[0-9a-f]{2}-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?")
SAMPLED = 1


class Traceparent(NamedTuple):
    """A span as others name it; its text is 55 characters.

    Args:
        flags: 1: it is recorded, and what follows is to be.
    """

    trace: int
    span: int
    flags: int = SAMPLED

    @classmethod
    def read(cls, text: str) -> Self | None:
        """What a header says; None where it is none, which is no error: the standard has it ignored."""
        found = HEADER.fullmatch(text.strip())
        return cls(int(found[1], 16), int(found[2], 16), int(found[3], 16) & SAMPLED) if found else None

    def __str__(self) -> str:
        return f"00-{self.trace:032x}-{self.span:016x}-{self.flags:02x}"


class Lineage(NamedTuple):
    """The trace of a document, as its runs have it.

    Args:
        parent: of each of its runs; None where the document is the root of its own trace.
        link: what it was made of, where that has another trace.
    """

    trace: int
    parent: Traceparent | None
    link: Traceparent | None

    def run(self, token: str) -> int:
        """The id of the span of the run under that lease."""
        return _number(f"{self.trace:032x}/{token}", 8)


def lineage(document: str, submitted: str) -> Lineage:
    """Where the runs of a document belong.

    A batch of 50,000 is no trace that anybody could look at: its members have one each, linked to what submitted the batch. So
    has what docmill makes of a document's end, which may come much later.

    Args:
        submitted: the traceparent that it was submitted with, or empty.
    """
    given = Traceparent.read(submitted)
    if given is not None and "." not in document:
        return Lineage(given.trace, given, None)
    return Lineage(_number(document, 16), None, given)


def _number(text: str, size: int) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:size], "big") or 1
