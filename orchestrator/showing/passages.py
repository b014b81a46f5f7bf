"""A page's text, cut where something is to be seen: what OCR read badly, and what a field was read from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TypeVar

from orchestrator.findings import Box, Evidence, Line, PageText

LOW_SCORE = 0.85
"""A line that OCR read with less confidence is tinted."""
Span = tuple[int, int]
T = TypeVar("T")


@dataclass(frozen=True)
class Passage:
    """A part of a page's text."""

    text: str
    score: float | None = None
    """Of the line, where it is low."""
    field: str | None = None
    """The field whose evidence it is."""


def is_low(line: Line) -> bool:
    """Whether a person should look twice."""
    return line.score < LOW_SCORE


def passages(page: PageText, evidence: Mapping[str, Evidence]) -> list[Passage]:
    """The whole text, in parts.

    Args:
        evidence: by field, of this page only.
    """
    places = _places(page)
    low = [(place, line.score) for line, place in zip(page.lines, places, strict=True) if place and is_low(line)]
    named = [(span, name) for name, one in evidence.items() if (span := _stands(page, places, one))]
    cuts = sorted({0, len(page.text)}.union(*(span for span, _ in [*low, *named])))
    return [
        Passage(page.text[start:end], _covering(low, start), _covering(named, start)) for start, end in pairwise(cuts)
    ]


def _covering(spans: Sequence[tuple[Span, T]], at: int) -> T | None:
    return next((what for (start, end), what in spans if start <= at < end), None)


def _places(page: PageText) -> list[Span | None]:
    """Where each line stands in the text: each after the one before."""
    places: list[Span | None] = []
    position = 0
    for line in page.lines:
        at = page.text.find(line.text, position) if line.text else -1
        places.append((at, at + len(line.text)) if at >= 0 else None)
        position = at + len(line.text) if at >= 0 else position
    return places


def _stands(page: PageText, places: list[Span | None], evidence: Evidence) -> Span | None:
    """Where the evidence stands: in the line that its box touches, else where its words are first."""
    for line, place in zip(page.lines, places, strict=True):
        if place and evidence.box and _overlap(line.box, evidence.box):
            at = page.text.find(evidence.text, place[0])
            if place[0] <= at < place[1]:
                return at, at + len(evidence.text)
    at = page.text.find(evidence.text) if evidence.text else -1
    return (at, at + len(evidence.text)) if at >= 0 else None


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
