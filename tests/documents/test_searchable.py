"""PDFs in which the text that OCR read can be found, at its place, under an unchanged picture."""

import ctypes
import subprocess
import sys
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pypdfium2  # pyright: ignore[reportMissingTypeStubs]
import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]
import pytest
from PIL import Image, ImageDraw, ImageFont

from orchestrator.findings import Box, Line, PageText
from orchestrator.settings import Settings
from tests.documents.fakes import FakeContext
from tests.documents.test_store import PARTS
from worker.documents.searchable import write_searchable
from worker.steps.store import store

pdfium: Any = pypdfium2
raw: Any = pypdfium2.raw
SIZE = (1240, 1754)
"""Pixels: A4 at 150 dots per inch."""
MOST = 120_000_000
NEAR = 12
"""Thousandths of the page that a word's box may be off: OCR says where a line is, not where its words are."""
WORDS = ["Total due 14 March 2024:", "EUR 1,234.50", "Illuminated WWW, iii, with longer sentences below"]

MEASURED = """
import resource, sys
from pathlib import Path
import msgspec, PIL.Image, pypdfium2
from orchestrator.findings import PageText
from worker.documents.searchable import write_searchable

folder = Path(sys.argv[1])
pages = msgspec.json.decode((folder / "pages.json").read_bytes(), type=list[PageText | None])
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
write_searchable(folder / "long.tiff", "long.tiff", "image", pages, folder / "out.pdf", 120_000_000)
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""


def _drawn(angle: int = 0) -> tuple[Image.Image, PageText, dict[str, Box]]:
    """(a page with text on it, turned; what OCR reads of it; each word's own box), drawn by Pillow, which knows."""
    picture, font = Image.new("RGB", SIZE, "white"), ImageFont.load_default(30)
    draw = ImageDraw.Draw(picture)
    lines: list[Line] = []
    boxes: dict[str, Box] = {}
    for number, text in enumerate(WORDS):
        place = (150.0, 200.0 + 90 * number)
        draw.text(place, text, "black", font)
        lines.append(Line(text, _thousandths(draw.textbbox(place, text, font)), 0.99))
        for word in text.split():
            assert " ".join(WORDS).lower().count(word.lower()) == 1, "or a search finds another one"
            before = draw.textlength(text[: text.index(word)], font)
            boxes[word] = _thousandths(draw.textbbox((place[0] + before, place[1]), word, font))
    read = PageText(0, "\n".join(WORDS), "ocr", lines, turned=angle)
    return picture.rotate(-angle, expand=True), read, boxes


def _thousandths(box: tuple[float, float, float, float]) -> Box:
    left, top, right, bottom = (round(1000 * edge / SIZE[i % 2]) for i, edge in enumerate(box))
    return left, top, right, bottom


def _made(source: Path, pages: list[PageText | None], target: Path) -> Any:
    kind = "pdf" if source.suffix == ".pdf" else "image"
    write_searchable(source, source.name, kind, pages, target, MOST)
    return pdfium.PdfDocument(target)


def _found(page: Any, word: str) -> Box:
    """The box of a word that is searched for as a reader's program does, in thousandths of the page as it is shown."""
    textpage = page.get_textpage()
    hit = textpage.search(word).get_next()
    assert hit, f"{word!r} is not found in {textpage.get_text_range()!r}"
    corners: list[tuple[int, int]] = []
    for index in range(hit[0], sum(hit)):
        left, bottom, right, top = textpage.get_charbox(index, loose=True)
        corners += [_device(page, left, bottom), _device(page, right, top)]
    xs, ys = zip(*corners, strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def _device(page: Any, x: float, y: float) -> tuple[int, int]:
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, 1000, 1000, 0, x, y, across, down)
    return across.value, down.value


def _overlap(one: Box, other: Box) -> bool:
    """Whether a box has the place of the other across, and its height."""
    return (
        max(abs(one[0] - other[0]), abs(one[2] - other[2])) <= NEAR
        and one[1] <= other[1] + 2
        and one[3] >= other[3] - 2
    )


@pytest.mark.parametrize("turned", [0, 90, 180, 270])
@pytest.mark.parametrize("suffix", [".jpg", ".pdf"])
def test_words_are_found_where_they_are_printed(tmp_path: Path, suffix: str, turned: int) -> None:
    """Whichever way round the page was scanned; it is shown the right way up."""
    picture, read, boxes = _drawn(turned)
    source = tmp_path / f"page{suffix}"
    picture.save(source, dpi=(150, 150), resolution=150)
    page = _made(source, [read], tmp_path / "out.pdf")[0]
    wrong = {word: (_found(page, word), box) for word, box in boxes.items()}
    assert {word: pair for word, pair in wrong.items() if not _overlap(*pair)} == {}
    assert page.get_textpage().get_text_range().splitlines() == WORDS


@pytest.mark.parametrize("rotation", [90, 180, 270])
def test_a_page_that_its_pdf_turns(tmp_path: Path, rotation: int) -> None:
    """It was read as it is shown."""
    picture, read, boxes = _drawn()
    picture.rotate(rotation, expand=True).save(tmp_path / "flat.pdf", resolution=150)
    source = pdfium.PdfDocument(tmp_path / "flat.pdf")
    source[0].set_rotation(rotation)
    source.save(tmp_path / "turned.pdf")
    page = _made(tmp_path / "turned.pdf", [read], tmp_path / "out.pdf")[0]
    assert all(_overlap(_found(page, word), box) for word, box in boxes.items())


def test_the_page_looks_as_before_and_is_hardly_larger(tmp_path: Path) -> None:
    """The text is not seen; a JPEG's bytes are in it as they were."""
    picture, read, _ = _drawn()
    picture.save(tmp_path / "page.jpg", dpi=(150, 150))
    bare = _made(tmp_path / "page.jpg", [], tmp_path / "bare.pdf")
    page = _made(tmp_path / "page.jpg", [read], tmp_path / "out.pdf")[0]
    assert np.array_equal(page.render(scale=1).to_numpy(), bare[0].render(scale=1).to_numpy())
    jpeg = (tmp_path / "page.jpg").read_bytes()
    made = (tmp_path / "out.pdf").read_bytes()
    assert jpeg in made
    assert len(made) - len(jpeg) < 5000


def test_every_script_can_be_found(tmp_path: Path) -> None:
    """Chinese, Japanese downwards, Arabic from the right, and what is beyond 16 bits."""
    Image.new("L", SIZE, 255).save(tmp_path / "page.png", dpi=(150, 150))
    texts = {
        "合同編號一二三": (100, 100, 400, 120),
        "مرحبا بكم": (100, 200, 400, 220),
        "𠮷野家 😀": (100, 300, 400, 320),
    }
    texts |= {"縦書きを前提": (800, 100, 820, 400)}
    read = PageText(0, "", "ocr", [Line(text, box, 0.99) for text, box in texts.items()])
    page = _made(tmp_path / "page.png", [read], tmp_path / "out.pdf")[0]
    assert page.get_textpage().get_text_range().splitlines() == list(texts)
    left, top, right, bottom = _found(page, "前提")
    assert 795 <= left < right <= 825
    assert 290 <= top < bottom <= 405


def test_lines_that_lean_are_followed(tmp_path: Path) -> None:
    """A line's box is as high as it leans; its text is as high as its letters."""
    Image.new("L", SIZE, 255).save(tmp_path / "page.png", dpi=(150, 150))
    read = PageText(0, "", "ocr", [Line("Leaning to the right", (100, 100, 900, 140), 0.99)], skew=2.0)
    page = _made(tmp_path / "page.png", [read], tmp_path / "out.pdf")[0]
    first, last = _found(page, "Leaning"), _found(page, "right")
    assert first[1] < last[1]
    assert first[3] - first[1] < 35
    assert min(first[1], last[1]) >= 97
    assert max(first[3], last[3]) <= 143


def test_pages_with_text_of_their_own_stay_as_they_are(tmp_path: Path, samples: Path) -> None:
    """A PDF without a scanned page is copied; what a page says already is not said twice."""
    source = samples / "invoice.pdf"
    own = pdfium.PdfDocument(source)[0].get_textpage().get_text_range()
    _made(source, [PageText(0, own, "text-layer")], tmp_path / "same.pdf")
    assert (tmp_path / "same.pdf").read_bytes() == source.read_bytes()
    word = own.split()[0]
    again = PageText(0, own, "ocr", [Line(word, (0, 0, 1000, 1000), 0.99), Line("unheard", (10, 10, 90, 20), 0.99)])
    text = _made(source, [again], tmp_path / "out.pdf")[0].get_textpage().get_text_range()
    assert text.count(word) == own.count(word)
    assert "unheard" in text


def test_frames_and_failed_pages_keep_their_numbers(tmp_path: Path) -> None:
    """A frame that could not be read is an empty page; a mirrored JPEG and one on its side are shown upright."""
    picture, read, _ = _drawn()
    frames = [picture, Image.new("1", (600, 800), 1), picture.convert("RGBA")]
    frames[0].save(tmp_path / "scan.tiff", save_all=True, append_images=frames[1:], dpi=(150, 150))
    third = PageText(2, read.text, "ocr", read.lines)
    document = _made(tmp_path / "scan.tiff", [read, None, third], tmp_path / "out.pdf")
    assert ["Total" in page.get_textpage().get_text_range() for page in document] == [True, False, True]
    for orientation in (6, 5):
        tag = Image.Exif()
        tag[0x0112] = orientation
        picture.save(tmp_path / "turned.jpg", exif=tag, dpi=(150, 150))
        width, height = _made(tmp_path / "turned.jpg", [], tmp_path / f"{orientation}.pdf")[0].get_size()
        assert width > height


def test_store_names_it(tmp_path: Path) -> None:
    """Beside the result; where it cannot be made, that is a reason to look, and the result is stored."""
    ctx = FakeContext(Settings(data_dir=tmp_path / "data", searchable_pdf=True))
    picture, read, _ = _drawn()
    picture.save(tmp_path / "page.png")
    stored = store(**(PARTS | {"source": ctx.submit(tmp_path / "page.png"), "pages": [read]}), ctx=ctx)
    assert stored.pdf == stored.url.replace(".json", ".pdf")
    assert stored.review == []
    assert "EUR 1,234.50" in pdfium.PdfDocument(stored.pdf.removeprefix("file://"))[0].get_textpage().get_text_range()
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.7 broken")
    stored = store(**(PARTS | {"source": ctx.submit(tmp_path / "broken.pdf"), "pages": [read]}), ctx=ctx)
    assert stored.pdf == ""
    assert stored.review[0].startswith("there is no searchable PDF: broken.pdf")


def test_a_long_scan_takes_bounded_memory(tmp_path: Path) -> None:
    """Frames are packed one at a time: sixty take far less than they are unpacked (130 MiB)."""
    picture, read, _ = _drawn()
    frames = [picture.convert("L")] * 60
    frames[0].save(tmp_path / "long.tiff", save_all=True, append_images=frames[1:], compression="tiff_deflate")
    pages = [PageText(index, read.text, "ocr", read.lines) for index in range(60)]
    (tmp_path / "pages.json").write_bytes(msgspec.json.encode(pages))
    done = subprocess.run([sys.executable, "-c", MEASURED, str(tmp_path)], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 60 * 2**20
    assert len(pdfium.PdfDocument(tmp_path / "out.pdf")) == 60
