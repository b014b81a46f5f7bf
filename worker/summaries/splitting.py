"""A long text in parts that fit: cut between pages, else between paragraphs, lines, sentences, words. Pure, no I/O."""

import re
from collections.abc import Callable

Measure = Callable[[str], float]
"""Tokens of a text."""
OVERLAP = 0.08
"""Of a part's size: so much of the part before is read again, so that what spans a cut is understood."""
LONGEST_TOKEN = 8
"""Characters: in a window of so many a token, the overlap is looked for."""
CUTS = ("\f", "\n\n", "\n", r"(?<=[.!?])\s+|(?<=[\u3002\uff01\uff1f])", r"\s+")
"""Where a text may be cut, the best first."""


def split(text: str, most: float, measure: Measure) -> list[str]:
    """Parts of at most `most` tokens, in order; together they hold all of the text, and neighbours share a little."""
    pieces = [piece for piece in _pieces(text, most * (1 - OVERLAP), measure, 0) if piece.strip()]
    parts: list[list[str]] = []
    size = most + 1
    for piece in pieces:
        tokens = measure(piece)
        if size + tokens > most:
            parts.append(_overlap(parts[-1], min(most * OVERLAP, most - tokens), measure) if parts else [])
            size = sum(map(measure, parts[-1]))
        parts[-1].append(piece)
        size += tokens
    return ["".join(part).strip() for part in parts]


def _pieces(text: str, most: float, measure: Measure, level: int) -> list[str]:
    """Pieces that fit, their separators kept, cut no finer than they need be."""
    if measure(text) <= most:
        return [text]
    if level == len(CUTS):
        return _halves(text, most, measure)
    ends = [match.end() for match in re.finditer(CUTS[level], text)]
    between = zip([0, *ends], [*ends, len(text)], strict=True)
    return [fine for start, end in between for fine in _pieces(text[start:end], most, measure, level + 1)]


def _halves(text: str, most: float, measure: Measure) -> list[str]:
    """A text without any place to cut it."""
    if len(text) < 2 or measure(text) <= most:
        return [text]
    middle = len(text) // 2
    return _halves(text[:middle], most, measure) + _halves(text[middle:], most, measure)


def _overlap(part: list[str], most: float, measure: Measure) -> list[str]:
    """The end of a part, of at most `most` tokens: from a line or a sentence on, where one begins there, else a word."""
    window = "".join(part)[-int(max(0, most) * LONGEST_TOKEN) - 1 :]
    for cut in (r"\n+|(?<=[.!?\u3002])\s*", r"\s+"):
        tails = (window[match.end() :] for match in re.finditer(cut, window))
        if found := next((tail for tail in tails if tail.strip() and measure(tail) <= most), None):
            return [found]
    return []


def spread(count: int, most: int) -> list[int]:
    """Which of `count` parts are read where only `most` may be: the first, the last, and evenly between."""
    if count <= most:
        return list(range(count))
    return [0] if most == 1 else [round(i * (count - 1) / (most - 1)) for i in range(most)]


def from_afar(indexes: list[int]) -> list[int]:
    """The same in an order that covers the whole evenly whenever it is stopped: ends first, then middles of gaps."""
    if len(indexes) < 3:
        return indexes
    order, gaps = [indexes[0], indexes[-1]], [(0, len(indexes) - 1)]
    for first, last in gaps:
        middle = (first + last) // 2
        if middle not in (first, last):
            order.append(indexes[middle])
            gaps += [(first, middle), (middle, last)]
    return order
