"""Scans as they come: blank, askew, over or beside digital text, in frames, too large."""

from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from orchestrator import Fatal
from orchestrator.settings import Settings
from tests.documents.fakes import FakeContext
from tests.documents.paper import BOMB, pdf_of, scanned_pdf
from tests.documents.reading import lines_follow_the_text, read_pages
from worker.steps.pages import pages

HEADER = "BT /F1 10 Tf 60 780 Td (Received by the registry on 4 May 2021, file 17) Tj ET"


def _sheet(*rows: str, size: tuple[int, int] = (1240, 1654), top: int = 400) -> Image.Image:
    """A sheet at 150 dots per inch with rows of large print."""
    sheet, font = Image.new("L", size, 245), ImageFont.load_default(40)
    for number, row in enumerate(rows):
        ImageDraw.Draw(sheet).text((150, top + 80 * number), row, fill=20, font=font)
    return sheet


def _specked(size: tuple[int, int] = (1240, 1654)) -> Image.Image:
    """White paper as a scanner sees it: not quite white, a shadow along an edge, dust."""
    sheet = Image.linear_gradient("L").resize(size).point([235 + shade // 25 for shade in range(256)])
    draw = ImageDraw.Draw(sheet)
    for number in range(60):
        x, y = 20 + (number * 197) % 1200, 20 + (number * 389) % 1600
        draw.rectangle((x, y, x + number % 2, y + 1), fill=90)
    return sheet


@pytest.mark.parametrize("kind", ["png", "pdf"])
def test_a_blank_sheet_costs_no_ocr(kind: str, ctx: FakeContext, tmp_path: Path) -> None:
    """Grey, with dust on it: the model is not even loaded."""
    file = tmp_path / f"blank.{kind}"
    _specked().save(file) if kind == "png" else scanned_pdf(file, _specked())
    (page,) = read_pages(ctx, file)
    assert (page.how, page.text, page.lines) == ("blank", "", [])
    assert not ctx.models


def test_the_corpus_blank_page_costs_no_ocr(ctx: FakeContext, corpus: Path) -> None:
    """A real one; its transcript is empty."""
    (page,) = read_pages(ctx, corpus / "edge-blank-page.pdf")
    assert (page.how, page.text) == ("blank", (corpus / "gt" / "edge-blank-page.txt").read_text().strip())
    assert not ctx.models


@pytest.mark.real
def test_a_page_number_alone_is_not_blank(ocr_ctx: FakeContext, tmp_path: Path) -> None:
    """Little ink is ink."""
    sheet = _specked()
    ImageDraw.Draw(sheet).text((600, 1560), "- 17 -", fill=30, font=ImageFont.load_default(24))
    sheet.save(tmp_path / "number.png")
    (page,) = read_pages(ocr_ctx, tmp_path / "number.png")
    assert "17" in page.text


@pytest.mark.real
def test_a_scan_under_a_digital_header_is_read(ocr_ctx: FakeContext, tmp_path: Path) -> None:
    """The header is good text, and a small part of the page."""
    scanned_pdf(tmp_path / "stamped.pdf", _sheet("Dear Mr. Winter,", "the roof was mended on Monday."), over=HEADER)
    (page,) = read_pages(ocr_ctx, tmp_path / "stamped.pdf")
    assert page.how == "ocr"
    assert page.text.splitlines() == [
        "Received by the registry on 4 May 2021, file 17",
        "Dear Mr. Winter,",
        "the roof was mended on Monday.",
    ]


@pytest.mark.real
def test_printed_and_scanned_pages_of_one_file(ocr_ctx: FakeContext, samples: Path, tmp_path: Path) -> None:
    """Each is read in its own way; their order stays."""
    import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

    pdfium: Any = pypdfium2
    scanned_pdf(tmp_path / "scan.pdf", _sheet("Annex 1"))
    (tmp_path / "empty.pdf").write_bytes(pdf_of(""))
    mixed = pdfium.PdfDocument.new()
    for part in (samples / "invoice.pdf", tmp_path / "scan.pdf", tmp_path / "empty.pdf"):
        with pdfium.PdfDocument(part) as opened:
            mixed.import_pages(opened)
    mixed.save(tmp_path / "mixed.pdf")
    mixed.close()
    found = read_pages(ocr_ctx, tmp_path / "mixed.pdf")
    assert [page.how for page in found] == ["text-layer", "ocr", "blank"]
    assert found[1].text == "Annex 1"


@pytest.mark.real
@pytest.mark.parametrize("degrees", [-4, 6])
def test_a_page_askew_is_read_row_by_row(degrees: int, ocr_ctx: FakeContext, tmp_path: Path) -> None:
    """How far it leans is told; rows that drift by several lines over the page's width stay rows."""
    rows = [f"Article {letter * 3}" for letter in "ABCDEFGH"]
    sheet = _sheet(*rows, size=(1800, 1654))
    for number in range(len(rows)):
        ImageDraw.Draw(sheet).text((1300, 400 + 80 * number), f"{number}.50", fill=20, font=ImageFont.load_default(40))
    sheet.rotate(-degrees, fillcolor=245, resample=Image.Resampling.BICUBIC).save(tmp_path / "askew.png")
    (page,) = read_pages(ocr_ctx, tmp_path / "askew.png")
    assert page.skew == pytest.approx(degrees, abs=0.7)
    assert page.text.splitlines() == [f"{row}  {number}.50" for number, row in enumerate(rows)]
    assert lines_follow_the_text(page)


def test_settings_bound_pages_and_pixels(tmp_path: Path, samples: Path) -> None:
    """The text names the setting."""
    few = FakeContext(Settings(data_dir=tmp_path / "data", max_pages=1, max_pixels=1_000_000))
    with pytest.raises(Fatal, match=r"2 pages are more than a document may have \(1\).*DOCMILL_MAX_PAGES"):
        pages(few.submit(samples / "contract.pdf"), ctx=few)
    with pytest.raises(Fatal, match=r"at most 1,000,000 are read.*DOCMILL_MAX_PIXELS"):
        pages(few.submit(samples / "letter.jpg"), ctx=few)


def test_a_bomb_inside_a_pdf_is_refused_before_it_is_unpacked(ctx: FakeContext, tmp_path: Path) -> None:
    """A small file whose picture would fill the memory."""
    (tmp_path / "bomb.pdf").write_bytes(BOMB)
    with pytest.raises(Fatal, match="page 1 has an image of 3,600,000,000 pixels; at most 120,000,000"):
        read_pages(ctx, tmp_path / "bomb.pdf")
