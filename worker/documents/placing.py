"""Where a line of text stands on a page of a PDF: from thousandths of the page as it was read to the page's own points."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from unicodedata import bidirectional, east_asian_width

from orchestrator.findings import Box, Line, PageText
from worker.documents.glyphless import DESCENT, WIDTH

FINE = 100_000
"""Device units across a page: PDFium converts whole ones only."""
LEAST_SKEW = 0.1
"""Degrees."""
UPRIGHT = 1.5
"""A line that is taller than wide by so much runs downwards."""
MEASURE = 64
"""Pixels at which characters are measured."""

Vector = tuple[float, float]
Matrix = tuple[float, float, float, float, float, float]


@dataclass(frozen=True)
class Sheet:
    """A page as it was read, in the page's own points.

    Args:
        origin: its upper left corner.
        across, down: from there along its upper and its left edge.
    """

    origin: Vector
    across: Vector
    down: Vector

    @property
    def size(self) -> Vector:
        """Width and height as it was read, points."""
        return math.hypot(*self.across), math.hypot(*self.down)

    def vector(self, x: float, y: float) -> Vector:
        """A vector of the sheet, in points, as one of the page."""
        width, height = self.size
        (ax, ay), (dx, dy) = self.across, self.down
        return ax * x / width + dx * y / height, ay * x / width + dy * y / height

    def point(self, x: float, y: float) -> Vector:
        """Likewise a place."""
        vx, vy = self.vector(x, y)
        return self.origin[0] + vx, self.origin[1] + vy


def sheet_of(page: Any) -> Sheet:
    """The sheet of a `pypdfium2` page, the way up that it is shown."""
    from ctypes import c_double

    from pypdfium2 import raw  # pyright: ignore[reportMissingTypeStubs]

    pdfium: Any = raw

    def corner(x: int, y: int) -> Vector:
        found = c_double(), c_double()
        pdfium.FPDF_DeviceToPage(page, 0, 0, FINE, FINE, 0, x, y, *found)
        return found[0].value, found[1].value

    origin, right, bottom = corner(0, 0), corner(FINE, 0), corner(0, FINE)
    return Sheet(origin, _minus(right, origin), _minus(bottom, origin))


def bounds(sheet: Sheet, box: Box) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a box, in the page's points."""
    width, height = (side / 1000 for side in sheet.size)
    left, top, right, bottom = box
    xs, ys = zip(sheet.point(left * width, top * height), sheet.point(right * width, bottom * height), strict=True)
    return min(xs), min(ys), max(xs), max(ys)


def placed(sheet: Sheet, page: PageText, line: Line) -> Iterator[tuple[str, Matrix]]:
    """The words of a line, each with the space after it, and the matrix that puts text of size 1 in its place."""
    start, along, up = _baseline(sheet, line.box, page.skew)
    words = _in_order(line.text).split(" ")
    texts = [f"{word} " for word in words[:-1]] + words[-1:]
    total, before = sum(map(_advance, texts)), 0.0
    for text in texts:
        share = _advance(text) / total
        origin = start[0] + along[0] * before, start[1] + along[1] * before
        stretch = share / (WIDTH * len(text.encode("utf-16-le")) / 2)
        yield text, (*sheet.vector(along[0] * stretch, along[1] * stretch), *sheet.vector(*up), *sheet.point(*origin))
        before += share


def _baseline(sheet: Sheet, box: Box, skew: float) -> tuple[Vector, Vector, Vector]:
    """(where the text begins, the way along the whole line, the way up by its height), in points of the sheet."""
    width, height = (side / 1000 for side in sheet.size)
    left, top, right, bottom = box[0] * width, box[1] * height, box[2] * width, box[3] * height
    across, down = max(right - left, 0.1), max(bottom - top, 0.1)
    if down > UPRIGHT * across:
        return (left + DESCENT * across, top), (0.0, down), (across, 0.0)
    long, tall, lean = _unleaned(across, down, skew)
    cos, sin = math.cos(lean), math.sin(lean)
    low = (0.5 - DESCENT) * tall
    x, y = (left + right) / 2 - cos * long / 2 - sin * low, (top + bottom) / 2 - sin * long / 2 + cos * low
    return (x, y), (cos * long, sin * long), (sin * tall, -cos * tall)


def _unleaned(across: float, down: float, skew: float) -> tuple[float, float, float]:
    """Length and height of a leaning line whose upright box is so wide and so high, and its lean in radians, clockwise."""
    lean = math.radians(skew) if abs(skew) >= LEAST_SKEW else 0.0
    cos, sin = math.cos(lean), abs(math.sin(lean))
    long, tall = (across * cos - down * sin) / math.cos(2 * lean), (down * cos - across * sin) / math.cos(2 * lean)
    # A line that cannot lean so much, in a box so low, does not.
    return (long, tall, lean) if lean and tall > 0.2 * down and long > 0 else (across, down, 0.0)


def _in_order(text: str) -> str:
    """As it is seen from left to right: a PDF's text is, and whoever reads it turns Arabic and Hebrew back."""
    text = " ".join(text.split())
    if not any(bidirectional(letter) in {"R", "AL"} for letter in text):
        return text
    from bidi import get_display

    return str(get_display(text))


@cache
def _advance(text: str) -> float:
    """About how wide a text is printed, in ems: PaddleOCR says where a line is, not where its words are."""
    return sum(1.0 if east_asian_width(letter) in "WF" else _narrow(letter) for letter in text) or 1.0


@cache
def _narrow(letter: str) -> float:
    from PIL import ImageFont

    return ImageFont.load_default(MEASURE).getlength(letter) / MEASURE


def _minus(one: Vector, other: Vector) -> Vector:
    return one[0] - other[0], one[1] - other[1]
