"""Ranks: how much speaks for each candidate of a field, in nats: one more makes it e times as likely."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import log2

from worker.extraction.candidates import Candidate
from worker.extraction.sheets import Sheet
from worker.extraction.surroundings import Surroundings, surroundings
from worker.extraction.targets import Target

OWN_LEFT, OTHER_LEFT = 3.0, -2.5
OWN_ROW, OTHER_ROW = 2.2, -1.5
OWN_ABOVE, OTHER_ABOVE = 1.8, -1.2
OWN_RIGHT = 1.0
NEARER = 0.02
"""Taken off for each character between a label and its value."""
AGAIN = 0.3
"""For each doubling of the places where a value stands."""
DOUBTED = 2.0
"""Taken off for full doubt of a print's meaning."""

Score = Callable[[Target, Candidate, "View"], float]


@dataclass(frozen=True)
class View:
    """A candidate where it stands.

    Args:
        sheet: its page.
        pages: how many the document has.
        near: what stands near it.
    """

    sheet: Sheet
    pages: int
    near: Surroundings

    def height(self, one: Candidate) -> float:
        """How far down its page it stands: 0 is the top, 1 the bottom."""
        box = self.sheet.box(one.start, one.end)
        if box is not None:
            return box[1] / 1000
        return self.sheet.row_of(one.start) / max(1, len(self.sheet.rows))


@dataclass
class Option:
    """A value, and the candidates that say it, the best first.

    Args:
        value: normalised.
        score: how much speaks for it.
        candidates: with the score of each.
    """

    value: str
    score: float
    candidates: list[tuple[float, Candidate]] = field(default_factory=list[tuple[float, Candidate]])

    @property
    def best(self) -> Candidate:
        """The one that is its evidence."""
        return self.candidates[0][1]


def label_score(target: Target, near: Surroundings) -> float:
    """What the labels near a value say for it, and against it."""
    left = _nearest(target, near.left)
    if left is not None:
        own, distance = left
        weight = 1.0 if distance <= 14 else 0.7 if distance <= 32 else 0.35
        return weight * (OWN_LEFT if own else OTHER_LEFT) - NEARER * distance
    row = _nearest(target, near.row) if near.row else None
    above = next(filter(None, (_nearest(target, text) for text in near.above)), None)
    score = (OWN_ROW if row[0] else OTHER_ROW) if row else 0.0
    if above is not None:
        score += (OWN_ABOVE if above[0] else OTHER_ABOVE) * (0.5 if row else 1.0)
    if not score:
        after = target.labels(near.right)
        score = OWN_RIGHT if after and after[0].role == target.role else 0.0
    return score


def _nearest(target: Target, stretch: str) -> tuple[bool, int] | None:
    """(whether the last label in the stretch is the field's, the characters after it); None where there is none."""
    labels = target.labels(stretch)
    return (labels[-1].role == target.role, len(stretch) - labels[-1].end) if labels else None


def ranked(target: Target, candidates: Sequence[Candidate], sheets: Sequence[Sheet], score: Score) -> list[Option]:
    """The values that the candidates say, the best first.

    Args:
        target: the field.
        candidates: of its kind, in the document's order.
        sheets: the document's pages.
        score: what speaks for a candidate beside its labels.
    """
    by_page: dict[int, list[Candidate]] = {}
    for one in candidates:
        by_page.setdefault(one.page, []).append(one)
    scored: list[tuple[float, Candidate]] = []
    for page, members in by_page.items():
        members.sort(key=lambda one: one.start)
        sheet = sheets[page - 1]
        for one in members:
            view = View(sheet, len(sheets), surroundings(sheet, one, members))
            total = label_score(target, view.near) + score(target, one, view) - DOUBTED * one.doubt
            scored.append((total, one))
    return options_of(scored)


def options_of(scored: Sequence[tuple[float, Candidate]]) -> list[Option]:
    """The candidates grouped by value, the best value first, and the first on the page where they are equal."""
    options: dict[str, Option] = {}
    for score, one in sorted(scored, key=lambda pair: (-pair[0], pair[1].page, pair[1].start)):
        options.setdefault(one.value, Option(one.value, score)).candidates.append((score, one))
    for option in options.values():
        option.score += AGAIN * min(2.0, log2(len(option.candidates)))
    return sorted(options.values(), key=lambda option: -option.score)
