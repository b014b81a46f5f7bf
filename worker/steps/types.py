"""What travels on the edges of the document pipeline."""

from typing import Literal

import msgspec

from orchestrator.source import Source as Source


class PageRef(msgspec.Struct, frozen=True):
    """One page of a source: a reference, rendered where it is used."""

    blob: str
    name: str
    index: int
    """From 0."""
    kind: Literal["pdf", "image"]


class Line(msgspec.Struct, frozen=True, array_like=True):
    """One line that OCR read."""

    text: str
    box: tuple[int, int, int, int]
    """Left, top, right, bottom in thousandths of the page's width and height."""
    score: float
    """The recogniser's confidence, 0 to 1."""


class PageText(msgspec.Struct, frozen=True):
    """The text of one page in reading order."""

    index: int
    text: str
    how: Literal["text-layer", "ocr"]
    lines: list[Line] = []
    """Empty where the text layer was used."""
    dropped: int = 0
    """Lines that OCR read with too little confidence, left out of `text` and `lines`."""
    turned: int = 0
    """Degrees counter-clockwise by which the page was turned before it was read."""


class Text(msgspec.Struct, frozen=True):
    """The whole document's text; pages are separated by a form feed."""

    text: str
    pages: int
    ocr_pages: int
    words: int


class Category(msgspec.Struct, frozen=True):
    """The kind of a document."""

    category: str
    """One of those asked for, or `unknown` where the document has no text."""
    confidence: float
    """0 to 1: the share of `category` among all scores."""
    scores: dict[str, float] = {}
    truncated: bool = False
    """Whether only the document's beginning was looked at."""


class Fields(msgspec.Struct, frozen=True):
    """What was extracted."""

    values: dict[str, str]
    """Field to value as printed; empty where the document does not say."""
    unsupported: list[str] = []
    """Fields whose value does not occur in the text: a person should look."""
    truncated: bool = False


class Summary(msgspec.Struct, frozen=True):
    """A short summary."""

    summary: str
    words: int
    truncated: bool = False


class Stored(msgspec.Struct, frozen=True):
    """Where the result lies."""

    url: str
    fence: int
    """The store job's fence: a later delivery writes under its own, greater one."""
