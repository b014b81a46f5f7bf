"""One document's row: what was found, beside what is true."""

from collections.abc import Callable, Sequence
from datetime import datetime

from msgspec.structs import replace

from orchestrator.dossier import READS, Dossier
from orchestrator.evaluation.agreeing import KINDS, agrees
from orchestrator.evaluation.grounding import fault
from orchestrator.evaluation.parties import NAMES, shared_out
from orchestrator.evaluation.report import FieldRow, Row
from orchestrator.evaluation.truth import Fields as TrueFields
from orchestrator.evaluation.truth import Truth
from orchestrator.evaluation.words import word_precision, word_recall
from orchestrator.findings import Field, PageText


def score(truth: Truth, dossier: Dossier) -> Row:
    """The row of a document that ended."""
    document, kind, pages = dossier.document, dossier.category, dossier.pages
    transcript = truth.text() if dossier.text else None
    reading = _seconds(pages)
    return Row(
        file=truth.file,
        id=document.id,
        status=document.status,
        error=document.error,
        true_category=truth.category,
        category=kind.category if kind else None,
        confidence=kind.confidence if kind else 0.0,
        scores=kind.scores if kind else {},
        asked=document.is_final and truth.category in dossier.parameters.get("categories", ()),
        lang=truth.lang or dossier.language,
        review=dossier.review,
        pages=dossier.page_count,
        ocr_pages=sum(page.how == "ocr" for page in pages),
        failed_pages=[f"page {failed.page}: {failed.error}" for failed in dossier.failed_pages],
        fields=field_rows(truth, dossier),
        word_recall=_words(word_recall, transcript, dossier),
        word_precision=_words(word_precision, transcript, dossier),
        reading_seconds=reading,
        ocr_seconds=_seconds([page for page in pages if page.how == "ocr"]),
        work_seconds=_work(dossier, reading),
        took_seconds=_between(document.submitted_at, document.finished_at),
    )


def not_run(truth: Truth, error: str | None, categories: Sequence[str]) -> Row:
    """The row of a file that became no document."""
    asked = truth.category in categories
    nothing = (None, None, None, None, None, None)
    return Row(
        truth.file, None, "failed", error, truth.category, None, 0.0, {}, asked, truth.lang, [], 0, 0, [], [], *nothing
    )


def field_rows(truth: Truth, dossier: Dossier) -> list[FieldRow]:
    """Every field that was asked for; those whose truth is known are scored."""
    pages = {page.index + 1: page for page in dossier.pages}
    found = dossier.fields.fields if dossier.fields else {}
    true = shared_out(truth.fields, found)
    return [_field_row(name, field, true, fault(field, pages)) for name, field in found.items()]


def with_lost_fields(rows: Sequence[Row], truths: Sequence[Truth]) -> list[Row]:
    """The rows with the true fields that were not even asked for, since the document failed or was taken for another kind.

    What its own kind is asked for, documents of that kind tell; where there is none, the row of canonical.tsv does.
    """
    asked: dict[str, set[str]] = {}
    for row in rows:
        if row.category == row.true_category:
            asked.setdefault(row.true_category, set()).update(field.name for field in row.fields)
    return [_with_lost(row, truth, asked.get(row.true_category)) for row, truth in zip(rows, truths, strict=True)]


def _with_lost(row: Row, truth: Truth, asked: set[str] | None) -> Row:
    has = {field.name for field in row.fields}
    true = truth.fields if has & set(NAMES) else shared_out(truth.fields, {name: Field(None, "text") for name in NAMES})
    lost = [
        _field_row(name, Field(None, KINDS.get(name, "text")), true, "")
        for name, value in true.items()
        if value is not None and name not in has and (truth.canonical if asked is None else name in asked) and row.asked
    ]
    return replace(row, fields=[*row.fields, *lost])


def _field_row(name: str, field: Field, truth: TrueFields, why: str) -> FieldRow:
    known, true = name in truth, truth.get(name)
    right = None
    if known and (true is not None or field.value is not None):
        right = true is not None and field.value is not None and agrees(_kind(name, field), true, field.value)
    return FieldRow(name, field.kind, true, field.value, known, right, field.confidence, why)


def _kind(name: str, field: Field) -> str:
    return KINDS.get(name, "text") if field.kind == "text" else field.kind


def _words(measure: Callable[[str, str], float], transcript: str | None, dossier: Dossier) -> float | None:
    return None if transcript is None or dossier.text is None else measure(transcript, dossier.text.text)


def _seconds(pages: Sequence[PageText]) -> float | None:
    """None where the pages do not say."""
    total = sum(page.seconds for page in pages)
    return round(total, 3) if total else None


def _work(dossier: Dossier, reading: float | None) -> float | None:
    """Reading, and the last runs of all other steps."""
    spans = [_between(step.started_at, step.finished_at) for step in dossier.document.steps if step.name != READS]
    return None if reading is None else round(reading + sum(span for span in spans if span), 3)


def _between(start: str | None, end: str | None) -> float | None:
    if not start or not end:
        return None
    return (datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds()
