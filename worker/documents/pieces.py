"""From letters to pieces of text: what stands together in one row is one piece, a wide gap parts two."""

from collections.abc import Iterable, Iterator

from worker.documents.layout import Box
from worker.documents.letters import Letter

GAP = 1.2
"""Heights of a letter: a wider gap parts two cells of a row; between the words of a justified line it is narrower."""
OVERLAP = 0.3
"""Share of a letter's height by which it must stand beside the one before, as an index or an exponent does."""

Edges = tuple[float, float, float, float]


def pieces(letters: Iterable[Letter]) -> Iterator[Box]:
    """The pieces in the order of the letters."""
    piece = _Piece()
    for letter in letters:
        if letter.text in ("\r", "\n"):
            yield from piece.ended()
        elif letter.edges is None:
            piece.spaced = True
        else:
            if piece.texts and not _together(piece.last, letter.edges):
                yield from piece.ended()
            piece.add(letter.text, letter.edges)
    yield from piece.ended()


class _Piece:
    """A piece that is being put together."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.spaced = False
        self.last: Edges = (0, 0, 0, 0)
        self.edges: Edges = (0, 0, 0, 0)

    def add(self, text: str, edges: Edges) -> None:
        """One letter more."""
        left, top, right, bottom = self.edges if self.texts else edges
        self.edges = (min(left, edges[0]), min(top, edges[1]), max(right, edges[2]), max(bottom, edges[3]))
        self.texts += [" ", text] if self.spaced and self.texts else [text]
        self.last, self.spaced = edges, False

    def ended(self) -> Iterator[Box]:
        """The piece if there is one; the next one begins."""
        if text := "".join(self.texts).strip():
            yield Box(text, *self.edges)
        self.texts, self.spaced = [], False


def _together(last: Edges, new: Edges) -> bool:
    """Whether a letter goes on where the one before ended: beside it, or above or below it where text stands upright."""
    across, down = max(new[0] - last[2], last[0] - new[2]), max(new[1] - last[3], last[1] - new[3])
    height = min(last[3] - last[1], new[3] - new[1])
    width = min(last[2] - last[0], new[2] - new[0])
    beside = down <= -OVERLAP * height and across <= GAP * max(last[3] - last[1], new[3] - new[1])
    upright = across <= -0.5 * width and down <= 0.5 * max(last[2] - last[0], new[2] - new[0])
    return beside or upright
