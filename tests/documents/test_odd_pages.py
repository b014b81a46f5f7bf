"""The corpus' odd files: each is read, or fails with its reason; what is expected of each is known."""

from pathlib import Path

import pytest

from orchestrator import Fatal
from tests.documents.fakes import FakeContext
from tests.documents.reading import lines_follow_the_text, read_pages
from worker.steps.ocr import ocr
from worker.steps.pages import pages

ROTATED = "Docling bundles PDF document conversion to\nJSON and Markdown in an easy self contained\npackage"
VERTICAL = [
    "元来日本語は漢文に倣い文字を上",
    "から下へまた行を右から左へと進",
    "めて表記を行っていた漢字と仮名",
    "の筆順も縦書きを前提としており、",
    "横書き不能な書体も存在する。",
]
READ = {
    "edge-rotated-90.pdf": ("en", 1, ROTATED),
    "edge-multipage.tiff": (
        "en",
        2,
        "LayoutParser: A Unified Toolkit for Deep\nLearning Based Document Image Analysis",
    ),
    "book-dark-scan.pdf": ("en", 1, "The natives soon h"),
    "letter-slerexe-fax.pdf": ("en", 1, "THE SLEREXE COMPANY LIMITED"),
    "legal-chinese-decision-3p.pdf": ("zh", 3, "行政处罚决定书"),
    "text-chinese.jpeg": ("zh", 1, "适用人群"),
    "text-japanese-vertical.jpeg": ("ja", 1, "\n".join(VERTICAL)),
    "text-french-accents.pdf": ("fr", 1, "whisky"),
    "note-handwritten-list.pdf": ("", 1, "Master"),
}
"""Name: language (a list of rooms has none), pages, a part of the first page's text."""


@pytest.mark.real
@pytest.mark.parametrize("name", READ)
def test_an_odd_page_is_read(name: str, ocr_ctx: FakeContext, corpus: Path) -> None:
    """On its side, dark, in frames, in other scripts, downwards, by hand."""
    lang, count, part = READ[name]
    given = pages(ocr_ctx.submit(corpus / name), ctx=ocr_ctx)
    found = ocr(given[0], lang="auto", ctx=ocr_ctx)
    assert (len(given), found.how, found.lang) == (count, "ocr", lang)
    assert part in found.text
    assert lines_follow_the_text(found)


def test_right_to_left_text_is_read_from_the_right(ctx: FakeContext, corpus: Path) -> None:
    """A form's label stands right of its value, and comes first."""
    (page,) = read_pages(ctx, corpus / "form-arabic.pdf")
    assert page.how == "text-layer" and page.lang == "fa"
    assert "تاريخ پذيرش  1403/10/04" in page.text


@pytest.mark.parametrize(
    ("name", "reason"), [("edge-password.pdf", "protected by a password"), ("edge-invalid.pdf", "the PDF is broken")]
)
def test_what_cannot_be_read_says_why(name: str, reason: str, ctx: FakeContext, corpus: Path) -> None:
    """At once: no retry can mend it."""
    with pytest.raises(Fatal, match=f"{name}: .*{reason}"):
        read_pages(ctx, corpus / name)
