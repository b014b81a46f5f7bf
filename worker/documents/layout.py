"""Reading order: boxes on a page become lines of text, columns of prose kept apart, table rows kept together."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

FEWEST = 5
"""Lines that a column must have on each side of a gutter; fewer are a table or an address block."""
MOST_CROSSING = 0.3
"""Share of the boxes that may cross a gutter: headings, captions, footers."""
FILLED = 0.6
"""Share of its column's width that a line of prose usually fills; amounts in a table fill far less."""


@dataclass(frozen=True)
class Box:
    """A piece of text on the page, in any unit that is the same for all; `y` grows downwards."""

    text: str
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Half way down."""
        return (self.top + self.bottom) / 2


def reading_text(boxes: Sequence[Box]) -> str:
    """The text in reading order, a line a row; pieces of one row are parted by two spaces."""
    return "\n".join("  ".join(box.text for box in row) for row in reading_rows(boxes))


def reading_rows(boxes: Sequence[Box]) -> list[list[Box]]:
    """The rows in reading order: column after column where there are columns of prose, else from top to bottom."""
    gutter = _gutter(boxes)
    if gutter is None:
        return _rows(boxes)
    crossing = sorted((b for b in boxes if b.left < gutter < b.right), key=lambda b: b.middle)
    rest = [b for b in boxes if b not in crossing]
    found: list[list[Box]] = []
    for heading in [*crossing, None]:
        band = [b for b in rest if heading is None or b.middle < heading.middle]
        rest = [b for b in rest if b not in band]
        found += reading_rows([b for b in band if b.right <= gutter])
        found += reading_rows([b for b in band if b.right > gutter])
        if heading is not None:
            found.append([heading])
    return found


def _gutter(boxes: Sequence[Box]) -> float | None:
    """Where a vertical white strip parts two columns of prose, or None. The strip that fewest boxes cross wins."""
    best: tuple[float, float] | None = None
    for edge in sorted({b.left for b in boxes}):
        at = edge - 0.5
        left = [b for b in boxes if b.right <= at]
        right = [b for b in boxes if b.left > at]
        crossing = len(boxes) - len(left) - len(right)
        if crossing <= MOST_CROSSING * len(boxes) and _beside(left, right) and _is_prose(left) and _is_prose(right):
            best = min(best or (crossing, at), (crossing, at))
    return None if best is None else best[1]


def _is_prose(column: Sequence[Box]) -> bool:
    if len(column) < FEWEST:
        return False
    width = max(b.right for b in column) - min(b.left for b in column)
    return median(b.width for b in column) >= FILLED * width and median(b.width / max(1, b.height) for b in column) > 6


def _beside(left: Sequence[Box], right: Sequence[Box]) -> bool:
    """Whether the two stand beside each other rather than one above the other."""
    if not left or not right:
        return False
    tops = [min(b.top for b in side) for side in (left, right)]
    bottoms = [max(b.bottom for b in side) for side in (left, right)]
    shared = min(bottoms) - max(tops)
    return shared > 0.5 * min(bottom - top for top, bottom in zip(tops, bottoms, strict=True))


def _rows(boxes: Sequence[Box]) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: b.middle):
        if rows and _same_row(rows[-1], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [sorted(row, key=lambda b: b.left) for row in rows]


def _same_row(row: Sequence[Box], box: Box) -> bool:
    """Whether the box's middle is within half a line of the row's, and it stands beside the row's boxes."""
    middle = sum(b.middle for b in row) / len(row)
    height = min(min(b.height for b in row), box.height)
    apart = all(box.left >= b.right - height or box.right <= b.left + height for b in row)
    return abs(box.middle - middle) < 0.5 * height and apart
