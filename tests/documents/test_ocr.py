"""The real PaddleOCR on the project's scans and on a few pages of the corpus."""

from pathlib import Path
from typing import Any

import pytest

from orchestrator.errors import MissingPart
from orchestrator.evaluation.words import word_recall
from orchestrator.settings import Settings
from tests.documents.fakes import FakeContext
from tests.documents.reading import read_text
from worker.models import paddleocr
from worker.steps.ocr import ocr
from worker.steps.pages import pages

MISSING = {
    "libGL.so.1: cannot open shared object file: No such file or directory": "libgl1",
    "libgthread-2.0.so.0: cannot open shared object file": "libglib2.0-0",
    "No module named 'cv2'": r"docmill\[ocr\]",
}


@pytest.mark.real
def test_a_scanned_letter_is_read(ocr_ctx: FakeContext, samples: Path) -> None:
    """Askew and with grain, it reads line by line."""
    text = read_text(ocr_ctx, samples / "letter.jpg")
    assert "Dear Mrs. Frost," in text.text.splitlines()
    assert text.text.index("I was very glad to have your letter") < text.text.index("Yours sincerely")
    assert text.ocr_pages == 1


@pytest.mark.real
def test_a_scanned_pdf_is_read_page_by_page(ocr_ctx: FakeContext, samples: Path) -> None:
    """It has no text layer."""
    text = read_text(ocr_ctx, samples / "contract-scanned.pdf")
    assert text.ocr_pages == 2
    assert "CONSULTING AGREEMENT" in text.text.split("\f")[0]
    assert "Governing law" in text.text.split("\f")[1]


@pytest.mark.real
def test_every_frame_of_a_tiff_is_read(ocr_ctx: FakeContext, samples: Path) -> None:
    """A row of its table stays one line."""
    text = read_text(ocr_ctx, samples / "report.tiff")
    assert "TOWN LIBRARY" in text.text.split("\f")[0]
    assert "February  7,230" in text.text.split("\f")[1].replace("February 7", "February  7")


@pytest.mark.real
def test_a_page_on_its_side_is_turned(ocr_ctx: FakeContext, samples: Path, tmp_path: Path) -> None:
    """Scanned the wrong way round, in any direction."""
    from PIL import Image

    with Image.open(samples / "letter.jpg") as letter:
        for degrees in (90, 180, 270):
            letter.rotate(degrees, expand=True).save(tmp_path / f"turned{degrees}.png")
            (page,) = pages(ocr_ctx.submit(tmp_path / f"turned{degrees}.png"), ctx=ocr_ctx)
            found = ocr(page, lang="auto", ctx=ocr_ctx)
            assert found.turned == 360 - degrees
            assert "Dear Mrs. Frost," in found.text.splitlines()


@pytest.mark.real
def test_lines_tell_where_they_stand(ocr_ctx: FakeContext, samples: Path) -> None:
    """In thousandths of the page, whatever its size in pixels."""
    (page,) = pages(ocr_ctx.submit(samples / "letter.jpg"), ctx=ocr_ctx)
    lines = ocr(page, lang="auto", ctx=ocr_ctx).lines
    assert all(0 <= edge <= 1000 for line in lines for edge in line.box)
    assert all(0.6 <= line.score <= 1 for line in lines)


@pytest.mark.real
def test_a_blank_scan_has_no_text(ocr_ctx: FakeContext, corpus: Path) -> None:
    """And is no error."""
    assert read_text(ocr_ctx, corpus / "edge-blank-page.pdf").words == 0


@pytest.mark.real
@pytest.mark.parametrize(("name", "least"), [("receipt-sroie-161.jpg", 0.95), ("receipt-sroie-144.jpg", 0.97)])
def test_word_recall_on_the_corpus(name: str, least: float, ocr_ctx: FakeContext, corpus: Path) -> None:
    """Against the exact transcript."""
    truth = (corpus / "gt" / Path(name).with_suffix(".txt").name).read_text()
    assert word_recall(truth, read_text(ocr_ctx, corpus / name).text) >= least


@pytest.mark.parametrize("problem", MISSING)
def test_a_missing_library_is_named_with_its_package(
    problem: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A slim container has no libGL; the reason must not be a traceback of OpenCV."""
    real_import = __import__

    def without_cv2(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "cv2":
            raise ImportError(problem)
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr("builtins.__import__", without_cv2)
    with pytest.raises(MissingPart, match=MISSING[problem]):
        paddleocr.load(Settings(data_dir=tmp_path))
