"""A value that stands somewhere in the text."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Candidate:
    """A value, and the print that says it.

    Args:
        value: normalised: 2024-03-01, 1234.50, EUR; an identifier or a text as printed, its white space made single.
        page: from 1.
        start: in the page's text.
        end: likewise.
        text: as printed: the page's text from start to end.
        doubt: 0 to 1: how likely the print means another value: a day that may be a month, digits torn by OCR.
    """

    value: str
    page: int
    start: int
    end: int
    text: str
    doubt: float = 0.0

    def overlaps(self, other: "Candidate") -> bool:
        """Whether both share print."""
        return self.page == other.page and self.start < other.end and other.start < self.end


def collapsed(text: str) -> str:
    """The text with its white space made single."""
    return re.sub(r"\s+", " ", text).strip()
