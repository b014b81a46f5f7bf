"""The report of an evaluation: a row for each document, and what they come to."""

import msgspec

Share = float | None
"""0 to 1; None where there is nothing to measure."""


class FieldRow(msgspec.Struct, frozen=True):
    """One field of one document."""

    name: str
    kind: str
    true: str | None
    """None where the document has none, or nobody knows: `known` tells which."""
    found: str | None
    known: bool
    right: bool | None
    """None where it is not scored: nobody knows what is true, or there is none and none was found."""
    confidence: float = 0.0
    fault: str = ""
    """Why the found value is not on its page; empty where it is."""


class Row(msgspec.Struct, frozen=True):
    """One document."""

    file: str
    id: str | None
    status: str
    error: str | None
    true_category: str
    category: str | None
    """None where none was chosen."""
    confidence: float
    scores: dict[str, float]
    asked: bool
    """Whether the true category is one of those that were asked for; not where the document has not ended."""
    lang: str
    """As the manifest says; else as it was found."""
    review: list[str]
    pages: int
    ocr_pages: int
    failed_pages: list[str]
    fields: list[FieldRow]
    word_recall: Share
    word_precision: Share
    reading_seconds: float | None
    """Of all its pages together."""
    ocr_seconds: float | None
    """Of those that were read by OCR."""
    work_seconds: float | None
    """Reading and all other steps, without waiting for their turn."""
    took_seconds: float | None
    """From submission to the end, with all waiting."""

    @property
    def read_well(self) -> bool:
        """Whether it has a result."""
        return self.status in {"succeeded", "partial"}


class Measures(msgspec.Struct, frozen=True):
    """What some documents come to."""

    documents: int
    finished: Share
    """Succeeded or partial."""
    categories: int
    """Documents whose true category was asked for; those that failed are among them, and wrong."""
    category: Share
    """The share of them with the right category."""
    fields: int
    """True values."""
    field_precision: Share
    field_recall: Share
    values: int
    """Found values, also where nobody knows what is true."""
    on_page: Share
    """The share of them that is on the page; less than 1 is a fault of docmill."""
    transcripts: int
    word_recall: Share
    """Mean over the documents that have a transcript."""
    word_precision: Share
    reviewed: Share
    """The share of the finished documents that a person should look at."""
    pages: int
    seconds_a_page: float | None
    seconds_an_ocr_page: float | None
    seconds_a_document: float | None
    """Of work, without waiting."""


class FieldMeasures(msgspec.Struct, frozen=True):
    """One field over all documents."""

    true: int
    found: int
    right: int
    precision: Share
    recall: Share


class Calibration(msgspec.Struct, frozen=True):
    """How far the confidence in the category can be trusted."""

    documents: int
    expected_error: float
    """0 to 1: how far confidence and truth lie apart on average; 0 is best."""
    temperature: float
    """By which the logarithms of the scores would have to be divided to fit these documents best; 1 is as they are."""


class Failure(msgspec.Struct, frozen=True):
    """A document without a whole result."""

    file: str
    status: str
    why: list[str]


class Report(msgspec.Struct, frozen=True):
    """All of it."""

    folder: str
    made: str
    """ISO time."""
    docmill: str
    pipeline: str
    model: str
    """Of the LLM."""
    parameters: dict[str, object]
    overall: Measures
    by_category: dict[str, Measures]
    by_language: dict[str, Measures]
    by_field: dict[str, FieldMeasures]
    confusion: dict[str, dict[str, int]]
    """True category -> chosen one (`none` where it failed) -> documents."""
    calibration: Calibration | None
    off_page: list[str]
    """Values that are not on their page, each with its document; must be empty."""
    failures: list[Failure]
    documents: list[Row]
