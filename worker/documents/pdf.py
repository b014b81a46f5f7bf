"""PDF files by PDFium.

PDFium is not thread-safe: every call is made under one lock. The last opened file stays open, so the items of a
fan-out over one document do not parse it again; pages are closed at once, so 400 of them take the memory of one.
"""

import atexit
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from orchestrator import Fatal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESOLUTION = 150
"""Dots per inch that a page is rendered at, where nothing else is asked for."""
LONGEST_SIDE = 3000
"""Pixels: a page with a larger side is rendered smaller."""
SMALLEST_SIDE = 1000
"""Pixels: scans that declare a tiny page (300 points) are rendered larger, else their print is lost."""

_lock = RLock()
_open: tuple[tuple[Path, int, int], Any] | None = None


def page_count(path: Path, name: str) -> int:
    """How many pages.

    Raises:
        Fatal: protected by a password, broken, or without pages.
    """
    with _document(path, name) as document:
        count = len(document)
    if not count:
        raise Fatal(f"{name}: the PDF has no pages")
    return count


def render(path: Path, name: str, index: int, resolution: int = RESOLUTION) -> "NDArray[np.uint8]":
    """The page as a picture, the way up that it is shown: height x width x 3, BGR, 0 to 255.

    Args:
        resolution: dots per inch; less where the page is very large, more where it is very small.
    """
    with opened_page(path, name, index) as page:
        width, height = page.get_size()
        smallest = SMALLEST_SIDE * min(1.0, resolution / RESOLUTION)
        scale = max(resolution / 72, smallest / max(1.0, min(width, height)))
        return picture_of(page, min(scale, LONGEST_SIDE / max(width, height)))


def picture_of(page: Any, scale: float) -> "NDArray[np.uint8]":
    """The page as a picture, at so many pixels a point."""
    bitmap = page.render(scale=scale)
    try:
        return bitmap.to_numpy()[:, :, :3].copy()
    finally:
        bitmap.close()


@contextmanager
def opened_page(path: Path, name: str, index: int) -> Generator[Any]:
    """The page by `pypdfium2`; nobody else uses PDFium meanwhile.

    Raises:
        Fatal: the page is not there, or is broken.
    """
    with _document(path, name) as document:
        try:
            page = _filled_in(document, index)
        except Exception as problem:
            raise Fatal(f"{name}: page {index + 1} of the PDF is broken ({problem})") from None
        try:
            yield page
        finally:
            page.close()


def _filled_in(document: Any, index: int) -> Any:
    """The page; what was typed into its form fields, or stamped on it, becomes a part of it and so of its text."""
    import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]

    raw: Any = pypdfium2.raw
    page = document[index]
    if _has_notes(page) and raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS:
        page.close()
        page = document[index]
    return page


def _has_notes(page: Any) -> bool:
    import pypdfium2.raw  # pyright: ignore[reportMissingTypeStubs]

    raw: Any = pypdfium2.raw
    for number in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, number)
        kind = raw.FPDFAnnot_GetSubtype(note)
        raw.FPDFPage_CloseAnnot(note)
        if kind in (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT, raw.FPDF_ANNOT_STAMP):
            return True
    return False


@contextmanager
def alone() -> Generator[None]:
    """Nobody else uses PDFium meanwhile."""
    with _lock:
        yield


@contextmanager
def _document(path: Path, name: str) -> Generator[Any]:
    global _open
    stat = path.stat()
    key = (path, stat.st_mtime_ns, stat.st_size)
    with _lock:
        if _open is None or _open[0] != key:
            close()
            _open = (key, load(path, name))
        yield _open[1]


@atexit.register
def close() -> None:
    """Close the file that is kept open."""
    global _open
    with _lock:
        if _open is not None:
            _open[1].close()
            _open = None


def load(path: Path, name: str) -> Any:
    """A `pypdfium2` document of the caller's own.

    Raises:
        Fatal: protected by a password, or broken.
    """
    import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise Fatal(f"{name}: the PDF is protected by a password: remove it and submit again") from None
        raise Fatal(f"{name}: the PDF is broken and cannot be opened ({problem})") from None
