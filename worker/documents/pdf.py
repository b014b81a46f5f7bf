"""PDF files by PDFium.

PDFium is not thread-safe: every call is made under one lock. The last opened file stays open, so the items of a
fan-out over one document do not parse it again; pages are closed at once, so 400 of them take the memory of one.
"""

import atexit
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from orchestrator import Fatal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

RESOLUTION = 150
"""Dots per inch that a page is rendered at; PP-OCR reads 8-point print at that."""
LONGEST_SIDE = 3000
"""Pixels: a page with a larger side is rendered smaller."""
SMALLEST_SIDE = 1000
"""Pixels: scans that declare a tiny page (300 points) are rendered larger, else their print is lost."""
WORD = re.compile(r"[\W_]*(?:[^\W\d_]{2,}(?:['\u2019.-][^\W\d_]+)*|[aAIàyéoOuU&]|[\d.,:/%$€£-]+)[\W_]*")
SAMPLE = 600
"""Words that are looked at to judge a text layer."""

_lock = RLock()
_open: tuple[tuple[Path, int, int], Any] | None = None


@dataclass(frozen=True)
class Layer:
    """A page's own text, and what is known about it.

    Args:
        text: as PDFium reads it.
        cover: share of the page that its largest image covers, 0 to 1.
        drawn: whether anything at all is drawn on the page.
    """

    text: str
    cover: float
    drawn: bool

    @property
    def good(self) -> bool:
        """Whether the text can be used as it is.

        Text over a picture of the whole page is another program's OCR: it must look faultless. Other text is what
        the author's program wrote, and only a broken encoding rules it out.
        """
        words = self.text.split()
        if self.cover >= 0.8:
            return len(words) >= 20 and word_share(words) >= 0.95
        return bool(words) and word_share(words) >= 0.5 and _broken_share(self.text) < 0.05


def word_share(words: list[str]) -> float:
    """The share of the words (a sample) that look like words or numbers of any language."""
    sample = words[:: max(1, len(words) // SAMPLE)]
    return sum(WORD.fullmatch(word) is not None for word in sample) / max(1, len(sample))


def _broken_share(text: str) -> float:
    """The share of replacement, private-use and control characters: the font had no usable encoding."""
    broken = sum(c == "\ufffd" or "\ue000" <= c < "\uf900" or (c < " " and c not in "\r\n\t") for c in text)
    return broken / max(1, len(text))


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


def text_layer(path: Path, name: str, index: int) -> Layer:
    """The page's own text, with what `Layer.good` needs to judge it."""
    with _page(path, name, index) as page:
        textpage = page.get_textpage()
        try:
            text = str(textpage.get_text_range(errors="replace"))
        finally:
            textpage.close()
        cover, drawn = _picture(page)
    return Layer(_tidy(text), cover, drawn)


def render(path: Path, name: str, index: int) -> "NDArray[np.uint8]":
    """The page as a picture: height x width x 3, BGR, 0 to 255."""
    with _page(path, name, index) as page:
        width, height = page.get_size()
        scale = RESOLUTION / 72
        scale = min(max(scale, SMALLEST_SIDE / max(1.0, min(width, height))), LONGEST_SIDE / max(width, height))
        bitmap = page.render(scale=scale)
        try:
            return bitmap.to_numpy()[:, :, :3].copy()
        finally:
            bitmap.close()


def _picture(page: Any) -> tuple[float, bool]:
    """(share of the page that its largest image covers, whether anything is drawn)."""
    from pypdfium2 import raw  # pyright: ignore[reportMissingTypeStubs]

    width, height = page.get_size()
    cover, drawn = 0.0, False
    for shape in page.get_objects(max_depth=3):
        drawn = True
        if shape.type == raw.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = shape.get_bounds()
            area = max(0.0, min(right, width) - max(left, 0)) * max(0.0, min(top, height) - max(bottom, 0))
            cover = max(cover, area / (width * height))
    return cover, drawn


def _tidy(text: str) -> str:
    """PDFium's line ends and the marks it leaves for hyphens and unreadable characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\ufffe", "-").replace("\x02", "-").replace("\0", "")
    return "\n".join(line.rstrip() for line in text.split("\n")).strip()


@contextmanager
def _page(path: Path, name: str, index: int) -> Generator[Any]:
    with _document(path, name) as document:
        try:
            page = document[index]
        except Exception as problem:
            raise Fatal(f"{name}: page {index + 1} of the PDF is broken ({problem})") from None
        try:
            yield page
        finally:
            page.close()


@contextmanager
def _document(path: Path, name: str) -> Generator[Any]:
    global _open
    stat = path.stat()
    key = (path, stat.st_mtime_ns, stat.st_size)
    with _lock:
        if _open is None or _open[0] != key:
            close()
            _open = (key, _load(path, name))
        yield _open[1]


@atexit.register
def close() -> None:
    """Close the file that is kept open."""
    global _open
    with _lock:
        if _open is not None:
            _open[1].close()
            _open = None


def _load(path: Path, name: str) -> Any:
    import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

    try:
        return pypdfium2.PdfDocument(path)
    except pypdfium2.PdfiumError as problem:
        if "password" in str(problem).lower():
            raise Fatal(f"{name}: the PDF is protected by a password: remove it and submit again") from None
        raise Fatal(f"{name}: the PDF is broken and cannot be opened ({problem})") from None
