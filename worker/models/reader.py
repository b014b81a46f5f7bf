"""From a page's picture to its text: OCR, the right way up, in reading order."""

import math
from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING, Any

from worker.documents.layout import Box, reading_text
from worker.steps.types import Line, PageText

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LOWEST_SCORE = 0.7
"""Lines read with less confidence are left out: they are ruling, logos and handwriting guessed at."""
SUSPICIOUS_SCORE = 0.85
"""A page whose median is lower may be upside down: it is read in all four directions, and the best is kept."""
EAST_ASIAN = "\u2e80"
"""From here on scripts may be written downwards: an upright line of them is no sign of a turned page."""


@dataclass(frozen=True)
class Found:
    """One line as OCR found it: text, confidence 0 to 1, and its corners in pixels, clockwise from the text's start."""

    text: str
    score: float
    corners: list[tuple[float, float]]

    @property
    def upright(self) -> bool:
        """Whether it is taller than wide, as a line of a turned page is."""
        xs, ys = zip(*self.corners, strict=True)
        western = sum(letter < EAST_ASIAN for letter in self.text) > 2
        return western and max(ys) - min(ys) > 1.5 * (max(xs) - min(xs))


class Reader:
    """PaddleOCR with what a page needs around it.

    Args:
        engine: a `paddleocr.PaddleOCR`.
    """

    def __init__(self, engine: Any) -> None:
        self._engine = engine

    def read(self, picture: "NDArray[np.uint8]", index: int) -> PageText:
        """Read one page.

        Args:
            picture: height x width x 3, BGR, 0 to 255.
            index: the page's, from 0.
        """
        turned, picture, found = self._right_way_up(picture)
        kept = [one for one in found if one.score >= LOWEST_SCORE and one.text.strip()]
        height, width = picture.shape[:2]
        text = reading_text(_straightened(kept))
        lines = [Line(one.text, _thousandths(one, width, height), round(one.score, 3)) for one in kept]
        return PageText(index, text, "ocr", lines, len(found) - len(kept), turned)

    def _right_way_up(self, picture: "NDArray[np.uint8]") -> tuple[int, "NDArray[np.uint8]", list[Found]]:
        """(degrees turned, the picture so turned, its lines): as it is unless it looks wrong, else the best of four."""
        import numpy as np

        found = self._find(picture)
        if not found or not _looks_turned(found):
            return 0, picture, found
        tries = [(0, picture, found)]
        for quarter in (1, 2, 3):
            other = np.ascontiguousarray(np.rot90(picture, quarter))
            tries.append((quarter * 90, other, self._find(other)))
        return max(tries, key=lambda one: _quality(one[2]))

    def _find(self, picture: "NDArray[np.uint8]") -> list[Found]:
        # The result also holds the page's picture: nothing but the texts leaves this function.
        result = self._engine.predict(picture)[0]
        polygons = [[(float(x), float(y)) for x, y in polygon] for polygon in result["rec_polys"]]
        found = zip(result["rec_texts"], result["rec_scores"], polygons, strict=True)
        return [Found(str(text), float(score), polygon) for text, score, polygon in found]


def _looks_turned(found: list[Found]) -> bool:
    """Whether most lines stand upright, or half of them are read badly, as those of a page upside down are."""
    upright = sum(one.upright for one in found)
    return upright > 0.5 * len(found) or median(one.score for one in found) < SUSPICIOUS_SCORE


def _quality(found: list[Found]) -> float:
    """Letters read with confidence; lying lines count more, since upright ones are read in the wrong order."""
    return sum(len(one.text) * one.score**2 * (0.5 if one.upright else 1.0) for one in found)


def _straightened(found: list[Found]) -> list[Box]:
    """The lines' boxes with the page's skew taken out, so that one row has one height."""
    lean = math.tan(median([_angle(one) for one in found] or [0.0]))
    boxes: list[Box] = []
    for one in found:
        xs, ys = zip(*one.corners, strict=True)
        shift = lean * (min(xs) + max(xs)) / 2
        slack = abs(lean) * (max(xs) - min(xs)) / 2
        boxes.append(Box(one.text, min(xs), min(ys) - shift + slack, max(xs), max(ys) - shift - slack))
    return boxes


def _angle(one: Found) -> float:
    """Of the line's upper edge, radians, within 15 degrees; beyond that it is no skew."""
    (x0, y0), (x1, y1) = one.corners[0], one.corners[1]
    angle = math.atan2(y1 - y0, x1 - x0)
    return angle if abs(angle) < math.radians(15) else 0.0


def _thousandths(one: Found, width: int, height: int) -> tuple[int, int, int, int]:
    xs, ys = zip(*one.corners, strict=True)
    left, top, right, bottom = min(xs) / width, min(ys) / height, max(xs) / width, max(ys) / height
    return round(left * 1000), round(top * 1000), round(right * 1000), round(bottom * 1000)
