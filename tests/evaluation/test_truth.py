"""What is read of a folder with a manifest."""

from pathlib import Path

import pytest

from orchestrator.errors import UsageError
from orchestrator.evaluation.truth import read_truth


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three documents."""
    (tmp_path / "gt").mkdir()
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        (tmp_path / name).touch()
    return tmp_path


def _write(folder: Path, name: str, *rows: str) -> None:
    (folder / name).write_text("\n".join(row.replace(" | ", "\t") for row in rows) + "\n", encoding="utf-8")


def test_file_and_category_are_enough(folder: Path) -> None:
    """Nothing else is known then."""
    _write(folder, "MANIFEST.tsv", "file | category", "a.pdf | invoice", "b.pdf | letter")
    first, second = read_truth(folder)
    assert (first.file, first.category, first.lang, first.fields, first.text()) == ("a.pdf", "invoice", "", {}, None)
    assert second.category == "letter"


def test_the_row_of_canonical_fields_has_the_names_that_results_have(folder: Path) -> None:
    """An empty cell is not known, a dash says that there is none."""
    _write(folder, "MANIFEST.tsv", "file | category", "a.pdf | invoice", "b.pdf | contract")
    _write(
        folder,
        "gt/canonical.tsv",
        "file | category | party_or_vendor | number | total | other",
        "a.pdf | invoice | Acme |  | - | due_date=2024-01-31",
        "b.pdf | contract | Acme |  |  | jurisdiction=Delaware; term=2 years",
    )
    invoice, contract = read_truth(folder)
    assert invoice.fields == {"vendor": "Acme", "total": None, "due_date": "2024-01-31"}
    assert contract.fields == {"party": "Acme", "governing_law": "Delaware", "term": "2 years"}


def test_fields_and_transcripts_of_files(folder: Path) -> None:
    """Numbers are text, lists are parted, nested values are left out, null says that there is none."""
    content = '{"fields": {"total": 9.5, "parties": ["A", "B"], "lines": [{"x": 1}], "date": null, "vendor": ""}}'
    (folder / "gt" / "a.json").write_text(content)
    (folder / "gt" / "a.txt").write_text("its text")
    rows = ("file | category | fields_file | text_ref | lang", "a.pdf | invoice | gt/a.json | gt/a.txt | de")
    _write(folder, "MANIFEST.tsv", *rows, "b.pdf | x | - | pdf-text-layer | -")
    first, second = read_truth(folder)
    assert first.fields == {"total": "9.5", "parties": "A | B", "date": None}
    assert (first.text(), first.lang) == ("its text", "de")
    assert (second.fields, second.text(), second.lang) == ({}, None, "")


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (["file | kind", "a.pdf | x"], "no column 'category'"),
        (["file | category", "a.pdf | x", "a.pdf | y"], "a.pdf more than once"),
        (["file | category", "none.pdf | x", "no.pdf | x"], "none.pdf and 1 others"),
        (["file | category | fields_file", "a.pdf | x | gt/none.json"], "gt/none.json, which cannot be read"),
        (["file | category"], "has no rows"),
        (["file | category", " | x"], "names no file in row 2"),
        (["file | category | text_ref", "a.pdf | x | gt/none.txt"], "gt/none.txt as text_ref, which .* does not have"),
        (["file | category", "a.pdf | " + "x" * 140_000], "field larger than field limit"),
        (["file | category", "x" * 3000 + " | x"], "names xxx.*, which .* does not have"),
    ],
)
def test_what_is_wrong_is_said(folder: Path, rows: list[str], says: str) -> None:
    """Before anything is run."""
    _write(folder, "MANIFEST.tsv", *rows)
    with pytest.raises(UsageError, match=says):
        read_truth(folder)


def test_true_fields_that_cannot_be_read_are_told_in_words(folder: Path) -> None:
    """No UTF-8, and two rows of one document."""
    _write(folder, "MANIFEST.tsv", "file | category | fields_file", "a.pdf | invoice | gt/a.json")
    (folder / "gt" / "a.json").write_bytes(b'{"fields": {"vendor": "M\xfcller"}}')
    with pytest.raises(UsageError, match=r"gt/a.json, which cannot be read"):
        read_truth(folder)
    _write(folder, "gt/canonical.tsv", "file | total", "a.pdf | 1", "a.pdf | 2")
    with pytest.raises(UsageError, match=r"canonical.tsv names a.pdf more than once"):
        read_truth(folder)


def test_a_folder_without_a_manifest_is_refused(tmp_path: Path) -> None:
    """The text says where the format is told."""
    with pytest.raises(UsageError, match=r"MANIFEST.tsv cannot be read .*docs/evaluate.md"):
        read_truth(tmp_path)
