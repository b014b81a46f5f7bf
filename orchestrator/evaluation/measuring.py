"""What the rows of an evaluation come to."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence

from orchestrator.evaluation.report import (
    Calibration,
    Failure,
    FieldMeasures,
    FieldRow,
    Measures,
    Row,
    Share,
)

NOTHING = "none"


def measure(rows: Sequence[Row]) -> Measures:
    """The figures of some documents."""
    fields = [field for row in rows for field in row.fields]
    asked, finished = [row for row in rows if row.asked], [row for row in rows if row.read_well]
    values = [field for field in fields if field.found is not None]
    counted = count_fields(fields)
    return Measures(
        documents=len(rows),
        finished=_share(len(finished), len(rows)),
        categories=len(asked),
        category=_share(sum(row.category == row.true_category for row in asked), len(asked)),
        fields=counted.true,
        field_precision=counted.precision,
        field_recall=counted.recall,
        values=len(values),
        on_page=_share(sum(not field.fault for field in values), len(values)),
        transcripts=sum(row.word_recall is not None for row in rows),
        word_recall=_mean(row.word_recall for row in rows),
        word_precision=_mean(row.word_precision for row in rows),
        reviewed=_share(sum(bool(row.review) for row in finished), len(finished)),
        pages=sum(row.pages for row in rows),
        seconds_a_page=_rate(rows, lambda row: row.reading_seconds, lambda row: row.pages - len(row.failed_pages)),
        seconds_an_ocr_page=_rate(rows, lambda row: row.ocr_seconds, lambda row: row.ocr_pages),
        seconds_a_document=_mean(row.work_seconds for row in rows),
    )


def count_fields(fields: Iterable[FieldRow]) -> FieldMeasures:
    """Precision and recall: of the values found, and of those there are, the share that is right."""
    scored = [field for field in fields if field.right is not None]
    true = sum(field.true is not None for field in scored)
    found, right = sum(field.found is not None for field in scored), sum(field.right is True for field in scored)
    return FieldMeasures(true, found, right, _share(right, found), _share(right, true))


def by_field(rows: Sequence[Row]) -> dict[str, FieldMeasures]:
    """The figures of each field that was scored anywhere."""
    fields: dict[str, list[FieldRow]] = defaultdict(list)
    for field in (field for row in rows for field in row.fields if field.right is not None):
        fields[field.name].append(field)
    return {name: count_fields(fields[name]) for name in sorted(fields)}


def grouped(rows: Sequence[Row], key: Callable[[Row], str]) -> dict[str, Measures]:
    """The figures of each group; those without a name are `unknown`."""
    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row) or "unknown"].append(row)
    return {name: measure(groups[name]) for name in sorted(groups)}


def confusion(rows: Sequence[Row]) -> dict[str, dict[str, int]]:
    """True category -> chosen one -> documents, of those whose category was asked for."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for row in rows:
        if row.asked:
            counts[row.true_category][row.category or NOTHING] += 1
    return {true: dict(counts[true].most_common()) for true in sorted(counts)}


def calibration(rows: Sequence[Row]) -> Calibration | None:
    """None where no document has both a true category that was asked for and scores."""
    from orchestrator.evaluation.calibration import expected_calibration_error, fit

    pairs = [(row.scores, row.true_category) for row in rows if row.asked and row.true_category in row.scores]
    if not pairs:
        return None
    return Calibration(len(pairs), round(expected_calibration_error(pairs), 4), round(fit(pairs), 4))


def off_page(rows: Sequence[Row]) -> list[str]:
    """Each value that is not on its page, in words."""
    return [
        f"{row.file}: {field.name} {field.found!r}: {field.fault}"
        for row in rows
        for field in row.fields
        if field.fault
    ]


def failures(rows: Sequence[Row]) -> list[Failure]:
    """Documents without a whole result, and why."""
    return [
        Failure(row.file, row.status, [*([row.error] if row.error else []), *row.failed_pages])
        for row in rows
        if row.status != "succeeded"
    ]


def _share(part: int, whole: int) -> Share:
    return round(part / whole, 4) if whole else None


def _mean(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return round(sum(known) / len(known), 4) if known else None


def _rate(rows: Sequence[Row], of: Callable[[Row], float | None], a: Callable[[Row], int]) -> float | None:
    """The sum of one by the sum of the other, over the rows that tell."""
    told = [(seconds, a(row)) for row in rows if (seconds := of(row)) is not None]
    count = sum(number for _, number in told)
    return round(sum(seconds for seconds, _ in told) / count, 3) if count else None
