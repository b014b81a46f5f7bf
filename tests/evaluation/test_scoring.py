"""From what was found and what is true to figures."""

from pathlib import Path

import pytest

from orchestrator.evaluation.measuring import by_field, confusion, failures, grouped, measure, off_page
from orchestrator.evaluation.report import Row
from orchestrator.evaluation.scoring import not_run, score, with_lost_fields
from orchestrator.findings import Evidence, FailedPage, Field
from tests.evaluation.made import CATEGORIES, TOTAL, VENDOR, dossier, truth


def _row(**true: str | None) -> Row:
    return score(truth(dict(true)), dossier())


def test_a_row_holds_what_was_found_beside_what_is_true(tmp_path: Path) -> None:
    """Two of the three true words were read; work is reading and the other steps, without waiting."""
    (tmp_path / "a.txt").write_text("Corner Café Berlin")
    row = score(truth({"total": "1234.50", "vendor": "Bolt"}, transcript=tmp_path / "a.txt"), dossier(review=["why"]))
    assert {field.name: field.right for field in row.fields} == {"vendor": False, "total": True}
    assert row.word_recall == pytest.approx(2 / 3)
    assert (row.pages, row.ocr_pages, row.reading_seconds, row.work_seconds, row.took_seconds) == (1, 1, 2.0, 6.0, 15.0)
    assert (row.review, row.asked, row.category) == (["why"], True, "invoice")


def test_precision_counts_what_was_found_recall_what_is_true() -> None:
    """What nobody knows counts in neither."""
    fields = {"vendor": VENDOR, "total": TOTAL, "date": Field(None, "date"), "number": VENDOR}
    row = score(truth({"vendor": "Corner Café", "total": None, "date": "2024-03-01"}), dossier(fields))
    found = measure([row])
    assert (found.fields, found.values) == (2, 3)
    assert found.field_precision == 0.5, "the vendor; a total was found where there is none"
    assert found.field_recall == 0.5, "the vendor; the date was not found"
    assert by_field([row])["date"].precision is None, "none was found"
    assert "number" not in by_field([row])


def test_fields_of_a_document_taken_for_another_kind_are_lost() -> None:
    """Its own kind's documents tell what would have been asked; where there is none, canonical.tsv does."""
    known: dict[str, str | None] = {"vendor": "Corner Café", "total": "1234.50", "iban": "X"}
    wrong = score(truth(known), dossier({"title": VENDOR}, category="receipt"))
    right = score(truth(known), dossier())
    alone = with_lost_fields([wrong], [truth(known)])[0]
    beside = with_lost_fields([wrong, right], [truth(known), truth(known)])[0]
    assert [field.name for field in alone.fields if field.right is False] == ["vendor", "total", "iban"]
    assert [field.name for field in beside.fields if field.right is False] == ["vendor", "total"]
    assert measure([beside]).field_recall == 0


def test_accuracy_is_over_the_categories_that_were_asked_for() -> None:
    """A failed document counts as wrong; one of another category does not count."""
    rows = [
        _row(),
        score(truth(category="receipt"), dossier()),
        score(truth(category="edge"), dossier()),
        not_run(truth(), "no such file", CATEGORIES),
    ]
    found = measure(rows)
    assert (found.documents, found.categories, found.category, found.finished) == (4, 3, 0.3333, 0.75)
    assert confusion(rows) == {"invoice": {"invoice": 1, "none": 1}, "receipt": {"invoice": 1}}
    assert {name: group.documents for name, group in grouped(rows, lambda row: row.true_category).items()} == {
        "edge": 1,
        "invoice": 2,
        "receipt": 1,
    }
    assert [(one.file, one.why) for one in failures(rows)] == [("a.pdf", ["no such file"])]


def test_a_value_that_is_not_on_its_page_is_named() -> None:
    """Also where nobody knows what is true."""
    invented = Field("9.99", "amount", Evidence(1, "9.99"), 0.9)
    row = score(truth(), dossier({"vendor": VENDOR, "total": invented}))
    assert off_page([row]) == ["a.pdf: total '9.99': page 1 does not say '9.99'"]
    assert measure([row]).on_page == 0.5


def test_a_partial_document_tells_its_failed_pages() -> None:
    """It is measured, and named."""
    row = score(truth(), dossier(failed=[FailedPage(2, "broken")], status="partial"))
    assert measure([row]).finished == 1
    assert failures([row])[0].why == ["page 2: broken"]
    assert measure([row]).seconds_a_page == 2.0, "of the pages that were read"


def test_a_document_that_has_not_ended_is_neither_right_nor_wrong() -> None:
    """It counts as one that is not finished, and no more; its fields are not lost."""
    known: dict[str, str | None] = {"total": "1234.50", "date": "2024-03-01"}
    row = score(truth(known), dossier({}, status="running"))
    (whole,) = with_lost_fields([row], [truth(known)])
    found = measure([whole])
    assert (found.finished, found.category, found.fields) == (0, None, 0)
    assert failures([whole])[0].status == "running"


def test_nothing_to_measure_is_not_nought() -> None:
    found = measure([])
    assert (found.category, found.word_recall, found.on_page, found.seconds_a_page) == (None, None, None, None)


def _parties(true: str, *found: str | None) -> list[tuple[str, str | None, bool | None]]:
    fields = {name: Field(value, "text") for name, value in zip(("party", "other_party"), found, strict=True)}
    row = score(truth({"party": true}, "contract"), dossier(fields, category="contract"))
    (whole,) = with_lost_fields([row], [truth({"party": true}, "contract")])
    return [(field.name, field.true, field.right) for field in whole.fields]


def test_the_parties_of_a_contract_have_no_order() -> None:
    """And another one who signed is not wrong where nobody knows of him."""
    assert _parties("Acme | Bolt", "Bolt Ltd", "Acme Inc") == [("party", "Bolt", True), ("other_party", "Acme", True)]
    assert _parties("Acme | Bolt", "Bolt", "Carl") == [("party", "Bolt", True), ("other_party", "Acme", False)]
    assert _parties("Bolt", "Carl", "Bolt") == [("party", None, None), ("other_party", "Bolt", True)]
    assert _parties("Bolt", None, None) == [("party", "Bolt", False), ("other_party", None, None)]
    assert _parties("Bolt", "Carl", None) == [("party", "Bolt", False), ("other_party", None, None)]
