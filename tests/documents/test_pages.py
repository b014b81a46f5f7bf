"""From a file to its pages, and from pages to the document's text."""

import struct
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pytest
from numpy.typing import NDArray

from orchestrator.findings import Line
from tests.documents.fakes import FakeContext
from tests.documents.reading import read_pages
from worker.documents import images, pdf
from worker.documents.text_layer import Layer, text_layer
from worker.steps.pages import pages


@pytest.mark.parametrize(
    ("name", "kind", "count"),
    [("invoice.pdf", "pdf", 1), ("contract.pdf", "pdf", 2), ("letter.jpg", "image", 1), ("report.tiff", "image", 2)],
)
def test_every_page_is_found(name: str, kind: str, count: int, ctx: FakeContext, samples: Path) -> None:
    """A PDF's pages, a TIFF's frames."""
    found = pages(ctx.submit(samples / name), ctx=ctx)
    assert [(page.index, page.kind) for page in found] == [(index, kind) for index in range(count)]


def test_a_good_text_layer_is_used_without_any_model(ctx: FakeContext, samples: Path) -> None:
    """OCR of a born-digital page would only cost time and add errors."""
    found = read_pages(ctx, samples / "contract.pdf")
    assert {page.how for page in found} == {"text-layer"}
    assert "Kestrel Data GmbH" in found[0].text
    assert "laws of Germany" in found[1].text
    assert not ctx.models


def test_an_empty_page_needs_no_ocr(ctx: FakeContext, tmp_path: Path) -> None:
    """Nothing is drawn on it."""
    (tmp_path / "blank.pdf").write_bytes(_blank_pdf())
    (page,) = read_pages(ctx, tmp_path / "blank.pdf")
    assert (page.text, page.how, page.lang) == ("", "blank", "")
    assert not ctx.models


def test_text_over_a_picture_of_the_page_is_someone_elses_ocr() -> None:
    """It is used only where it looks faultless."""
    lines: list[Line] = []
    clean = "The parties agree to the terms of this letter and sign it today. " * 4
    garbled = "Tl1e p^rties 4gree t0 thc t3rms 0f tl1is l3tter ~nd s1gn 1t t0d4y. " * 4
    assert Layer(clean, lines, cover=0.0, drawn=True).good
    assert Layer(clean, lines, cover=1.0, drawn=True).good
    assert not Layer(garbled, lines, cover=1.0, drawn=True).good
    assert not Layer("Page 1 of 3", lines, cover=1.0, drawn=True).good
    assert not Layer("\ufffd\ufffd\ue001\ue002 \ufffd\ufffd", lines, cover=0.0, drawn=True).good


@pytest.mark.parametrize("name", ["letter-handwritten-1947.pdf", "news-1898-front-page.pdf", "book-dark-scan.pdf"])
def test_poor_layers_of_the_corpus_are_not_used(name: str, corpus: Path) -> None:
    """Real scans with another program's bad OCR."""
    assert not text_layer(corpus / name, name, 0).good


def test_all_born_digital_pages_of_the_corpus_use_their_layer(corpus: Path) -> None:
    """A manual of 400 pages must not take an hour of OCR."""
    path = corpus / "manual-irs-400p.pdf"
    layers = [text_layer(path, path.name, 0)]
    before = psutil.Process().memory_info().rss
    layers += [text_layer(path, path.name, index) for index in range(1, pdf.page_count(path, path.name))]
    assert psutil.Process().memory_info().rss - before < 64 * 2**20, "pages are closed as they are read"
    assert len(layers) == 400
    assert all(layer.good or not layer.drawn for layer in layers)


def test_a_photo_is_turned_as_its_exif_says(tmp_path: Path) -> None:
    """A phone stores the picture lying and says so in EXIF."""
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (800, 600)).save(tmp_path / "photo.jpg", exif=exif)
    assert images.frame(tmp_path / "photo.jpg", "photo.jpg", 0).shape == (800, 600, 3)


def test_transparent_parts_become_paper(tmp_path: Path) -> None:
    """Black text on transparent ground would be black on black."""
    from PIL import Image

    Image.new("RGBA", (700, 700), (0, 0, 0, 0)).save(tmp_path / "clear.png")
    assert int(images.frame(tmp_path / "clear.png", "clear.png", 0).min()) == 255


@pytest.mark.parametrize("kind", [">u2", "<u2", "<i4", "<f4"])
def test_greys_of_many_bits_keep_their_shades(kind: str, tmp_path: Path) -> None:
    """Scanners write 16 bits, some of them the other way round; neither washed out nor refused."""
    shades = np.tile(np.linspace(0, 1, 800), (700, 1)) * (1 if kind == "<f4" else 65_535)
    (tmp_path / "grey.tif").write_bytes(_tiff(shades.astype(kind)))
    picture = images.frame(tmp_path / "grey.tif", "grey.tif", 0)
    assert [int(picture[0, column, 0]) for column in (0, 400, 799)] == [0, 127, 255]


def _tiff(grey: NDArray[Any]) -> bytes:
    """A TIFF of one strip, its bytes in the order of the array's."""
    order, size = (">" if grey.dtype.str[0] == ">" else "<"), grey.dtype.itemsize
    height, width = grey.shape
    sample = {"u": 1, "i": 2, "f": 3}[grey.dtype.kind]
    values = {256: width, 257: height, 258: 8 * size, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: grey.nbytes}
    tags = [(tag, 4, 1, value) for tag, value in sorted((values | {339: sample}).items())]
    directory = struct.pack(order + "H", len(tags)) + b"".join(struct.pack(order + "HHII", *tag) for tag in tags)
    head = (b"MM\0*" if order == ">" else b"II*\0") + struct.pack(order + "I", 8 + grey.nbytes)
    return head + grey.tobytes() + directory + bytes(4)


def _blank_pdf() -> bytes:
    body = "1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj\n"
    body += "2 0 obj << /Type /Pages /Kids [3 0 R] /Count 1 >> endobj\n"
    body += "3 0 obj << /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] >> endobj\n"
    return f"%PDF-1.4\n{body}trailer << /Root 1 0 R >>\n%%EOF\n".encode()
