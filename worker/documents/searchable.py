"""A PDF that looks as its source and whose scanned pages can be searched: OCR's text lies over them, invisible.

By PDFium alone. Pages whose own text was used stay as they are; pictures are not made anew, and a JPEG's bytes are kept.
Pages that were scanned on their side or upside down are shown the right way up.
"""

import ctypes
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

from orchestrator import Fatal
from orchestrator.findings import Line, PageText
from worker.documents import glyphless, pdf
from worker.documents.picture_pages import document_of
from worker.documents.placing import Matrix, Sheet, bounds, placed, sheet_of


def write_searchable(
    source: Path,
    name: str,
    kind: Literal["pdf", "image"],
    pages: Sequence[PageText | None],
    target: Path,
    most_pixels: int,
) -> None:
    """Write the source as a PDF with the text of those of its pages that OCR read.

    Args:
        name: the source's, for people.
        pages: None where a page failed: a PDF's stays as it is, a picture's is empty.
        most_pixels: of a picture.

    Raises:
        Fatal: the source is broken.
    """
    read = [page for page in pages if page is not None and page.how == "ocr" and page.lines]
    if kind == "pdf" and not read:
        shutil.copyfile(source, target)
        return
    with pdf.alone():
        if kind == "pdf":
            document: Any = pdf.load(source, name)
        else:
            failed = {index for index, page in enumerate(pages) if page is None}
            document = document_of(source, name, failed, most_pixels)
        try:
            _add_text(document, read)
            document.save(target)
        finally:
            document.close()


def _add_text(document: Any, pages: list[PageText]) -> None:
    layer = _Layer(document)
    try:
        for read in pages:
            page = document[read.index]
            try:
                layer.add(page, read)
            finally:
                page.close()
    finally:
        layer.close()


class _Layer:
    """Writes invisible text into a document, by one font."""

    def __init__(self, document: Any) -> None:
        from pypdfium2 import raw  # pyright: ignore[reportMissingTypeStubs]

        self._raw: Any = raw
        self._document = document
        font, glyphs = _bytes(glyphless.font_file()), _bytes(glyphless.GLYPHS)
        self._font: Any = self._raw.FPDFText_LoadCidType2Font(
            document, font, len(font), glyphless.TO_UNICODE, glyphs, len(glyphs)
        )
        if not self._font:
            raise RuntimeError("PDFium did not take docmill's own font")

    def add(self, page: Any, read: PageText) -> None:
        """Turn a page the right way up, as it was read, and put its lines onto it, but for what it says there already."""
        if read.turned:  # also for whoever copies its text: programs read words from left to right, as they are shown
            page.set_rotation((page.get_rotation() - read.turned) % 360)
        sheet = sheet_of(page)
        for line in _new_lines(page, sheet, read):
            for text, matrix in placed(sheet, read, line):
                self._raw.FPDFPage_InsertObject(page, self._text(text, matrix))
        if not self._raw.FPDFPage_GenerateContent(page):
            raise Fatal(f"page {read.index + 1}: PDFium could not add its text")

    def close(self) -> None:
        """Let go of the font; the document keeps it."""
        self._raw.FPDFFont_Close(self._font)

    def _text(self, text: str, matrix: Matrix) -> Any:
        raw = self._raw
        made = raw.FPDFPageObj_CreateTextObj(self._document, self._font, 1.0)
        codes = memoryview(text.encode("utf-16-le")).cast("H")
        raw.FPDFText_SetCharcodes(made, (ctypes.c_uint32 * len(codes))(*codes), len(codes))
        raw.FPDFTextObj_SetTextRenderMode(made, raw.FPDF_TEXTRENDERMODE_INVISIBLE)
        raw.FPDFPageObj_SetMatrix(made, raw.FS_MATRIX(*matrix))
        return made


def _new_lines(page: Any, sheet: Sheet, read: PageText) -> list[Line]:
    textpage = page.get_textpage()
    try:
        if not textpage.count_chars():
            return read.lines
        there = [str(textpage.get_text_bounded(*bounds(sheet, line.box), errors="replace")) for line in read.lines]
    finally:
        textpage.close()
    return [line for line, own in zip(read.lines, there, strict=True) if _letters(line.text) not in _letters(own)]


def _letters(text: str) -> str:
    return "".join(text.split()).casefold()


def _bytes(value: bytes) -> Any:
    return (ctypes.c_uint8 * len(value)).from_buffer_copy(value)
