"""The choice: ranks and the model's answer become one value a field, with its confidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp
from typing import Any, Literal

from worker.extraction.asking import shortlist, to_copy
from worker.extraction.candidates import Candidate
from worker.extraction.evidence import located
from worker.extraction.ranking import Option
from worker.extraction.sheets import Sheet
from worker.extraction.slates import Slate

By = Literal["rank", "model", "both"]
MODEL = 0.5
"""Nats that the model's choice is worth beside a rank: as many as `asking.NEAR`, so it decides where ranks do not."""
COPIED = 0.3
"""Confidence in a text that the model copied: it stands in the document, and nothing more is known."""
AGAINST_RANK = 0.6
"""Confidence in what the model chose, by itself, where the ranks do not agree, at most."""


@dataclass(frozen=True)
class Choice:
    """A field's value.

    Args:
        candidate: the value and its print.
        confidence: 0 to 1.
    """

    candidate: Candidate
    confidence: float


def choose(slate: Slate, answer: Mapping[str, Any], by: By, sheets: Sequence[Sheet]) -> Choice | None:
    """The field's value, or None.

    Args:
        slate: the field and what the text offers.
        answer: the model's, whatever it is; empty where it was not asked.
        by: who chooses.
        sheets: the document's pages.
    """
    said = answer.get(slate.target.field.name)
    if to_copy(slate, near_only=by == "both"):
        copied = located(said, sheets) if isinstance(said, str) else None
        return Choice(copied, COPIED) if copied else None
    shown = shortlist(slate, near_only=by == "both")
    chosen = next((option for option in shown if option.value == said), None)
    if by == "model":
        return _by_model(slate, chosen)
    scores = {id(option): option.score + (MODEL if option is chosen else 0.0) for option in slate.options}
    best = max(slate.options, key=lambda option: scores[id(option)], default=None)
    if best is None or best.score < slate.least:
        return None
    return Choice(best.best, _share(scores[id(best)], list(scores.values()), slate.least) * (1 - best.best.doubt))


def _by_model(slate: Slate, chosen: Option | None) -> Choice | None:
    if chosen is None:
        return None
    share = _share(chosen.score, [one.score for one in slate.options], slate.least)
    confidence = share if chosen is slate.first else min(share, AGAINST_RANK)
    return Choice(chosen.best, confidence * (1 - chosen.best.doubt))


def _share(score: float, scores: Sequence[float], least: float) -> float:
    """Of the likelihood of all options and of none: scores are logarithms of it."""
    top = max(*scores, least, score)
    return exp(score - top) / (sum(exp(other - top) for other in scores) + exp(least - top))
