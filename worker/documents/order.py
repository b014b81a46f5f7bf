"""The reading order of a page: of its own text, by place for tables and forms, as its author's program wrote it for prose.

What stands on its side comes last, a note along the margin; but where most of the page is written downwards, as Chinese
and Japanese may be, its columns are read from the right.
"""

from collections.abc import Sequence
from itertools import pairwise

from worker.documents.layout import Box, in_row, reading_rows, same_row

LONG = 30
"""Letters: so long a piece is a line of prose; cells, labels and amounts are shorter."""
PROSE = 0.8
"""Share of the letters in long pieces, from which on a page is prose."""
BACK = 0.15
"""Share of the steps from piece to piece that may go back up: more, and the content's order is not the reader's."""


def ordered_rows(pieces: Sequence[Box]) -> list[list[Box]]:
    """The rows in reading order.

    Columns of prose, boxes and footnotes come out of most programs as they are read, and no look at their places finds
    that order so well. Invoices and forms often do not: all labels and then all values, cell by cell down a column,
    or from the bottom up. They are read from top to bottom, row by row.
    """
    lying = [p for p in pieces if not p.upright]
    if len(lying) > 0.5 * len(pieces) and _is_prose(lying) and _goes_down(lying):
        return _joined(lying) + [[p] for p in pieces if p.upright]
    return placed_rows(pieces)


def placed_rows(pieces: Sequence[Box]) -> list[list[Box]]:
    """The rows in reading order, by where they stand alone."""
    lying, upright = [p for p in pieces if not p.upright], [p for p in pieces if p.upright]
    if _letters(upright) <= _letters(lying):
        return reading_rows(lying) + [[p] for p in upright]
    return [[p] for p in sorted(upright, key=lambda p: -p.right)] + reading_rows(lying)


def _letters(pieces: Sequence[Box]) -> int:
    return sum(len(p.text) for p in pieces)


def _is_prose(pieces: Sequence[Box]) -> bool:
    return _letters([p for p in pieces if len(p.text) >= LONG]) >= PROSE * _letters(pieces)


def _goes_down(pieces: Sequence[Box]) -> bool:
    """Whether few steps go up without going on to a column on the right."""
    back = sum(b.bottom < a.top and b.left < a.right for a, b in pairwise(pieces))
    return back <= BACK * len(pieces)


def _joined(pieces: Sequence[Box]) -> list[list[Box]]:
    """The pieces as they come; a short one that follows another at the same height is a cell of its row."""
    rows: list[list[Box]] = []
    for piece in pieces:
        if rows and same_row(rows[-1], piece) and min(len(rows[-1][-1].text), len(piece.text)) < LONG:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [in_row(row) for row in rows]
