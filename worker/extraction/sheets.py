"""A page as extraction sees it: its text, its rows, and where each piece of the text stands on the page."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from orchestrator.findings import Box, Line, PageText

PAGE_BREAK = "\f"


@dataclass(frozen=True)
class Piece:
    """A line of the page, and the span of the page's text that it stands for."""

    start: int
    end: int
    line: Line


@dataclass(frozen=True)
class Sheet:
    """One page.

    Args:
        number: from 1.
        text: as it is in the document's text.
        lines: where its pieces stand; empty where nobody knows.
    """

    number: int
    text: str
    lines: Sequence[Line] = ()

    @cached_property
    def rows(self) -> list[tuple[int, int]]:
        """The span of each row of the text."""
        found: list[tuple[int, int]] = []
        start = 0
        for row in self.text.split("\n"):
            found.append((start, start + len(row)))
            start += len(row) + 1
        return found

    @cached_property
    def _row_starts(self) -> list[int]:
        return [start for start, _ in self.rows]

    @cached_property
    def pieces(self) -> list[Piece]:
        """The lines with their spans: each line's text occurs after the one before; one that does not is left out."""
        found: list[Piece] = []
        position = 0
        for line in self.lines:
            start = self.text.find(line.text, position)
            if start >= 0 and line.text:
                position = start + len(line.text)
                found.append(Piece(start, position, line))
        return found

    @cached_property
    def _piece_starts(self) -> list[int]:
        return [piece.start for piece in self.pieces]

    def row_of(self, position: int) -> int:
        """The index of the row that has that position."""
        return bisect_right(self._row_starts, position) - 1

    def row(self, index: int) -> str:
        """That row's text; empty where there is none."""
        if not 0 <= index < len(self.rows):
            return ""
        start, end = self.rows[index]
        return self.text[start:end]

    def pieces_of(self, start: int, end: int) -> list[Piece]:
        """The pieces that the span touches."""
        first = max(0, bisect_right(self._piece_starts, start) - 1)
        last = bisect_right(self._piece_starts, end - 1)
        return [piece for piece in self.pieces[first:last] if piece.start < end and piece.end > start]

    def box(self, start: int, end: int) -> Box | None:
        """Around the lines that the span touches; None where they are not known."""
        boxes = [piece.line.box for piece in self.pieces_of(start, end)]
        if not boxes:
            return None
        lefts, tops, rights, bottoms = zip(*boxes, strict=True)
        return min(lefts), min(tops), max(rights), max(bottoms)

    def score(self, start: int, end: int) -> float:
        """How sure the recogniser was of it, 0 to 1; 1 where nobody knows."""
        return min((piece.line.score for piece in self.pieces_of(start, end)), default=1.0)


def sheets_of(text: str, pages: Sequence[PageText | None]) -> list[Sheet]:
    """The pages of a document's text, each with its lines where its page is there and says the same."""
    sheets: list[Sheet] = []
    by_index = {page.index: page for page in pages if page is not None}
    for index, part in enumerate(text.split(PAGE_BREAK)):
        page = by_index.get(index)
        known = page is not None and page.text == part
        sheets.append(Sheet(index + 1, part, page.lines if page is not None and known else ()))
    return sheets
