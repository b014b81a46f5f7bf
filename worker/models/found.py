"""What OCR found on a page: lines with their corners, and what follows from where they lie."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from worker.documents.layout import Box

EAST_ASIAN = "\u2e80"
"""From here on scripts may be written downwards: an upright line of them is no sign of a turned page."""
MOST_SKEW = 15.0
"""Degrees: a line that leans more is no measure of how the page lies."""
LONG = 4
"""Heights: a line must be so long to tell how the page lies."""


@dataclass(frozen=True)
class Found:
    """One line as OCR found it: text, confidence 0 to 1, and its corners in pixels, clockwise from the text's start."""

    text: str
    score: float
    corners: list[tuple[float, float]]

    @property
    def edges(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        xs, ys = zip(*self.corners, strict=True)
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def upright(self) -> bool:
        """Whether it is taller than wide, as a line of a turned page is."""
        left, top, right, bottom = self.edges
        western = sum(letter < EAST_ASIAN for letter in self.text) > 2
        return western and bottom - top > 1.5 * (right - left)

    @property
    def angle(self) -> float:
        """Degrees clockwise by which its upper edge leans."""
        (x0, y0), (x1, y1) = self.corners[0], self.corners[1]
        return math.degrees(math.atan2(y1 - y0, x1 - x0))

    @property
    def is_long(self) -> bool:
        """Whether it is long enough to tell how the page lies."""
        left, top, right, bottom = self.edges
        return right - left > LONG * (bottom - top)


def skew(found: Sequence[Found]) -> float:
    """Degrees clockwise by which the lines lean: the median of the long ones, else of all."""
    flat = [one for one in found if abs(one.angle) < MOST_SKEW]
    return median([one.angle for one in flat if one.is_long] or [one.angle for one in flat] or [0.0])


def straightened(found: Sequence[Found]) -> list[Box]:
    """The lines' boxes with the page's skew taken out, so that one row has one height."""
    lean = math.tan(math.radians(skew(found)))
    boxes: list[Box] = []
    for one in found:
        left, top, right, bottom = one.edges
        shift, slack = lean * (left + right) / 2, abs(lean) * (right - left) / 2
        boxes.append(Box(one.text, left, top - shift + slack, right, bottom - shift - slack))
    return boxes
