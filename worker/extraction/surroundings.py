"""What stands near a value: before it in its row, above it, after it."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

from worker.extraction.candidates import Candidate
from worker.extraction.sheets import Piece, Sheet

FARTHEST_BEFORE, FARTHEST_AFTER = 100, 25
"""Characters before and after a value that may be its label."""
MOST_ABOVE = 4
"""Pieces above a value that are looked at, nearest first."""

_FIGURES = re.compile(r"\d[.,/:-]?\d")
"""What has its own value is no label of what stands below."""


@dataclass(frozen=True)
class Surroundings:
    """The stretches of text that may hold a value's label.

    Args:
        left: between the value before it in its row, or the row's beginning, and itself.
        row: the row's beginning, where other values stand between; empty where `left` is that.
        above: the pieces above it in its column, nearest first.
        right: what follows in its row, to the next value.
    """

    left: str
    row: str
    above: tuple[str, ...]
    right: str


def surroundings(sheet: Sheet, one: Candidate, others: Sequence[Candidate]) -> Surroundings:
    """Of a candidate.

    Args:
        sheet: its page.
        one: the candidate.
        others: the candidates of its kind on that page, by where they start; itself among them.
    """
    index = sheet.row_of(one.start)
    row_start, row_end = sheet.rows[index]
    at = bisect_left(others, one.start, key=lambda other: other.start)
    ends = [other.end for other in others[max(0, at - 6) : at] if row_start <= other.start and other.end <= one.start]
    first = max([row_start, one.start - FARTHEST_BEFORE, *ends])
    left, row = sheet.text[first : one.start], ""
    if first > row_start and not any(letter.isalpha() for letter in _bare(left)):
        row = sheet.text[row_start : min(o.start for o in others[:at] if o.start >= row_start)]
    if not row and not any(letter.isalpha() for letter in left):
        left = _beside(sheet, one) + left
    nexts = [other.start for other in others[at : at + 6] if other.start >= one.end]
    last = min([row_end, one.end + FARTHEST_AFTER, *nexts])
    return Surroundings(left, row, _above(sheet, one, index), sheet.text[one.end : max(one.end, last)])


def _beside(sheet: Sheet, one: Candidate) -> str:
    """What stands to the left of it at its height, in a column of its own."""
    for piece in sheet.pieces_of(one.start, one.end)[:1]:
        left, top, _, bottom = piece.line.box
        level = (top + bottom) / 2
        labels = [
            other.line
            for other in sheet.pieces
            if other.line.box[2] <= left + 4 and other.line.box[1] <= level <= other.line.box[3]
        ]
        nearest = max(labels, key=lambda line: line.box[2], default=None)
        return nearest.text if nearest is not None and not _FIGURES.search(nearest.text) else ""
    return ""


def _bare(text: str) -> str:
    """Without the codes that stand before figures."""
    return text.replace("RM", "").replace("EUR", "").replace("USD", "").replace("CHF", "").replace("Rs", "")


def _above(sheet: Sheet, one: Candidate, index: int) -> tuple[str, ...]:
    pieces = sheet.pieces_of(one.start, one.end)
    if not pieces:
        rows = (sheet.row(number) for number in range(index - 1, max(-1, index - 3), -1))
        return tuple(row for row in rows if row.strip() and not _FIGURES.search(row))[:1]
    return tuple(piece.line.text for piece in column_above(sheet, pieces[0]) if not _FIGURES.search(piece.line.text))


def column_above(sheet: Sheet, piece: Piece) -> list[Piece]:
    """The pieces that stand above one, over some of its width, nearest first."""
    left, top, right, _ = piece.line.box
    over = [
        other
        for other in sheet.pieces
        if other.line.box[3] <= top + 4 and other.line.box[0] < right and other.line.box[2] > left
    ]
    return sorted(over, key=lambda other: -other.line.box[3])[:MOST_ABOVE]
