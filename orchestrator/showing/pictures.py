"""Pictures of a submitted file's pages, without numpy: one at a time, so that 400 pages take the memory of one.

PDFium is not thread-safe: every call is made under one lock.
"""

import io
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING, Any

from orchestrator.errors import UsageError
from orchestrator.paper import on_white
from orchestrator.source import HEADER_WITHIN, is_pdf

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE = 1600
"""Pixels: eight-point print on A4 is readable, and a page takes some 200 kB."""
QUALITY = 72

_lock = RLock()


@dataclass(frozen=True)
class Picture:
    """One page as JPEG."""

    jpeg: bytes
    width: int
    """Pixels."""
    height: int


Draw = Callable[[int, int], Picture]
"""A page's picture, by its index from 0 and the degrees counter-clockwise by which it is to be turned."""


class Pictures:
    """The pages of one file; close it, or use it as a context.

    Args:
        path: a PDF, or an image whose frames are pages.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with path.open("rb") as file:
            self._is_pdf = is_pdf(file.read(HEADER_WITHIN))
        self._pdf: Any = None

    def __enter__(self) -> "Pictures":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        with _lock:
            if self._pdf is not None:
                self._pdf.close()
                self._pdf = None

    def draw(self, index: int, turned: int = 0) -> Picture:
        """One page, turned counter-clockwise by so many degrees, a multiple of 90.

        Raises:
            UsageError: that page is broken, too large, or not there.
        """
        try:
            image = self._rendered(index) if self._is_pdf else self._frame(index)
        except Exception as problem:
            # Both libraries raise what they like on broken files; nothing of it may cost the rest of the page.
            raise UsageError(f"page {index + 1} cannot be drawn ({problem})") from None
        return _encoded(image.rotate(turned % 360, expand=True) if turned else image)

    def _rendered(self, index: int) -> "Image":
        import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

        with _lock:
            if self._pdf is None:
                self._pdf = pypdfium2.PdfDocument(self._path)
            page = self._pdf[index]
            try:
                bitmap = page.render(scale=LONGEST_SIDE / max(1.0, *page.get_size()))
                try:
                    return bitmap.to_pil().convert("RGB")
                finally:
                    bitmap.close()
            finally:
                page.close()

    def _frame(self, index: int) -> "Image":
        from PIL import Image, ImageOps

        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(self._path) as image:
                image.seek(index)
                image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
                if image.mode in {"L", "LA", "RGB", "RGBA"}:
                    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))  # before it is copied: it may be large
                return on_white(ImageOps.exif_transpose(image))


def _encoded(image: "Image") -> Picture:
    image.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=QUALITY, optimize=True)
    return Picture(buffer.getvalue(), image.width, image.height)
