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

    @property
    def upright(self) -> bool:
        """Whether it stands on its side, as a note along the margin does."""
        return len(self.text) > 2 and self.height > 1.5 * self.width

    def thousandths(self, width: float, height: float) -> tuple[int, int, int, int]:
        """Its left, top, right and bottom in thousandths of a page of that size; what stands out of it is cut."""
        edges = (self.left / width, self.top / height, self.right / width, self.bottom / height)
        left, top, right, bottom = (min(1000, max(0, round(1000 * edge))) for edge in edges)
        return left, top, right, bottom


def reading_text(boxes: Sequence[Box]) -> str:
    """The text in reading order, a line a row; pieces of one row are parted by two spaces."""
    return "\n".join("  ".join(box.text for box in row) for row in reading_rows(boxes))


def reading_rows(boxes: Sequence[Box]) -> list[list[Box]]:
    """The rows in reading order: column after column where there are columns of prose, else from top to bottom."""
    gutter = _gutter(boxes)
    if gutter is None:
        return _rows(boxes)
    left, crossing, right = _parted(boxes, gutter)
    found: list[list[Box]] = []
    for heading in [*sorted(crossing, key=lambda b: b.middle), None]:
        for side in (left, right):
            band = [b for b in side if heading is None or b.middle < heading.middle]
            found += reading_rows(band)
            side[:] = [b for b in side if heading is not None and b.middle >= heading.middle]
        if heading is not None:
            found.append([heading])
    return found


def _gutter(boxes: Sequence[Box]) -> float | None:
    """Where a vertical white strip parts two columns of prose, or None. The strip that fewest boxes cross wins."""
    best: tuple[float, float] | None = None
    for at in sorted({round(b.left) - 0.5 for b in boxes}):
        left, crossing, right = _parted(boxes, at)
        few_cross = len(crossing) <= MOST_CROSSING * len(boxes)
        if few_cross and (best is None or len(crossing) < best[0]) and _are_columns(left, right):
            best = (len(crossing), at)
    return None if best is None else best[1]


def _parted(boxes: Sequence[Box], at: float) -> tuple[list[Box], list[Box], list[Box]]:
    """(left of it, across it, right of it); a box that reaches over by less than its height does not cross."""
    crossing = [b for b in boxes if b.left < at - b.height and b.right > at + b.height]
    rest = [b for b in boxes if not (b.left < at - b.height and b.right > at + b.height)]
    return [b for b in rest if b.left + b.right <= 2 * at], crossing, [b for b in rest if b.left + b.right > 2 * at]


def _are_columns(left: Sequence[Box], right: Sequence[Box]) -> bool:
    """Whether two columns of prose stand beside each other; one of them may hold more columns."""
    if min(len(left), len(right)) < FEWEST or not _beside(left, right):
        return False
    widths = [median(b.width for b in side) for side in (left, right)]
    long_lines = all(median(b.width / max(1, b.height) for b in side) > 6 for side in (left, right))
    return long_lines and min(widths) >= 0.5 * max(widths) and (_is_filled(left) or _is_filled(right))


def _is_filled(column: Sequence[Box]) -> bool:
    width = max(b.right for b in column) - min(b.left for b in column)
    return median(b.width for b in column) >= FILLED * width


def _beside(left: Sequence[Box], right: Sequence[Box]) -> bool:
    """Whether the two stand beside each other rather than one above the other."""
    tops = [min(b.top for b in side) for side in (left, right)]
    bottoms = [max(b.bottom for b in side) for side in (left, right)]
    shared = min(bottoms) - max(tops)
    return shared > 0.5 * min(bottom - top for top, bottom in zip(tops, bottoms, strict=True))


def _rows(boxes: Sequence[Box]) -> list[list[Box]]:
    rows: list[list[Box]] = []
    for box in sorted(boxes, key=lambda b: b.middle):
        if rows and same_row(rows[-1], box):
            rows[-1].append(box)
        else:
            rows.append([box])
    return [in_row(row) for row in rows]


def in_row(row: Sequence[Box]) -> list[Box]:
    """The boxes of one row from its beginning: from the right where Arabic or Hebrew is written."""
    return sorted(row, key=lambda b: b.left, reverse=_from_the_right("".join(b.text for b in row)))


def _from_the_right(text: str) -> bool:
    from_right = sum("\u0590" <= letter < "\u0900" or "\ufb1d" <= letter < "\uff00" for letter in text)
    return from_right > 0.5 * sum(letter.isalpha() for letter in text)


def same_row(row: Sequence[Box], box: Box) -> bool:
    """Whether the box's middle is within half a line of the row's, and it stands beside the row's boxes."""
    middle = sum(b.middle for b in row) / len(row)
    height = min(min(b.height for b in row), box.height)
    apart = all(box.left >= b.right - height or box.right <= b.left + height for b in row)
    return abs(box.middle - middle) < 0.5 * height and apart
