"""What is found in a document: the values on the edges of the `document` pipeline, and so the shape of its results.

Worker steps make them; the command line and the API read them.
"""

from typing import Literal

import msgspec

from orchestrator.source import Source

Box = tuple[int, int, int, int]
"""Left, top, right, bottom in thousandths of the page's width and height, the page the right way up."""


class Line(msgspec.Struct, frozen=True, array_like=True):
    """A piece of text as it stands on the page: what a text layer or OCR gives as one line or one cell."""

    text: str
    box: Box
    score: float
    """The recogniser's confidence, 0 to 1; 1 where a text layer says it."""


class PageText(msgspec.Struct, frozen=True, omit_defaults=True):
    """The text of one page in reading order."""

    index: int
    """From 0."""
    text: str
    """Its rows, a line each; pieces of one row are parted by two spaces."""
    how: Literal["text-layer", "ocr", "blank"]
    lines: list[Line] = []
    """In the order of `text`: each line's text occurs in it after the one before."""
    dropped: int = 0
    """Lines that OCR read with too little confidence, left out of `text` and `lines`."""
    turned: int = 0
    """Degrees counter-clockwise by which the page was turned before it was read: boxes are those of the turned page."""
    skew: float = 0.0
    """Degrees clockwise that its lines lean."""
    lang: str = ""
    """ISO 639-1, as given or found; empty where nobody knows."""
    seconds: float = 0.0
    """That the reading took."""


class FailedPage(msgspec.Struct, frozen=True):
    """A page that could not be read."""

    page: int
    """From 1."""
    error: str


class Text(msgspec.Struct, frozen=True, omit_defaults=True):
    """The whole document's text; pages are separated by a form feed, also those that are blank or failed."""

    text: str
    pages: int
    ocr_pages: int
    words: int
    failed_pages: list[FailedPage] = []
    lang: str = ""
    """Of most of its pages."""


class Category(msgspec.Struct, frozen=True, omit_defaults=True):
    """The kind of a document."""

    category: str
    """One of those asked for, or `unknown` where the document has no text."""
    confidence: float
    """0 to 1: how often such a choice is right."""
    scores: dict[str, float] = {}
    how: str = ""
    """By what it was chosen: `logprobs`, `choice`, `grammar`, `schema`, `plain`, or the name of a pre-classifier."""
    truncated: bool = False
    """Whether only a part of the document was looked at."""


class Evidence(msgspec.Struct, frozen=True):
    """Where a value stands."""

    page: int
    """From 1."""
    text: str
    """As printed there."""
    box: Box | None = None
    """None where the page's lines are not known."""


class Field(msgspec.Struct, frozen=True, omit_defaults=True):
    """One field of a document."""

    value: str | None
    """None where the document does not say. A date as 2024-03-01, an amount as 1234.50, a currency as EUR; else as printed."""
    kind: str
    evidence: Evidence | None = None
    """None only where the value is."""
    confidence: float = 0.0
    """0 to 1."""


class Check(msgspec.Struct, frozen=True):
    """One comparison of fields with each other, such as net + tax = total."""

    name: str
    holds: bool
    says: str
    """With the figures."""


class Fields(msgspec.Struct, frozen=True, omit_defaults=True):
    """What was extracted."""

    fields: dict[str, Field]
    checks: list[Check] = []
    missing: list[str] = []
    """Required fields that the document does not have."""
    truncated: bool = False


class Summary(msgspec.Struct, frozen=True, omit_defaults=True):
    """A summary."""

    summary: str
    words: int
    parts: int = 1
    """In how many parts the text was read."""
    dropped: list[str] = []
    """Sentences left out: they held a number, a name or a date that is not in the text."""
    read: float = 1.0
    """The share of the text, by characters, that was read: below 1 where it has more parts than may be asked about."""
    how: str = "model"
    """Who wrote it: `model`, or `extract`: the text's own first sentences, where the model's said nothing that is in it."""


class Result(msgspec.Struct, frozen=True, omit_defaults=True):
    """All of it, as it is stored."""

    document: str
    fence: int
    source: Source
    category: Category
    fields: Fields
    summary: Summary
    text: Text
    review: list[str] = []
    """Why a person should look at it; empty where nobody need."""


class Stored(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where the result lies."""

    url: str
    fence: int
    """The store job's fence: a later delivery writes under its own, greater one."""
    review: list[str] = []
    table: str = ""
    """The database that has it too, without its password; empty where there is none."""
    pdf: str = ""
    """The searchable PDF's URL; empty where none was asked for."""
