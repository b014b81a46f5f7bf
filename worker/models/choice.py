"""Which label a model means, read from the probabilities of its next tokens: pure, no I/O."""

import math
from dataclasses import dataclass

FLOOR = 1e-5
"""Probability of a label that is not among the tokens the server tells."""
CALIBRATION = 0.3
"""How much of the prejudice is taken out, as an exponent: 1 is contextual calibration in full, which overshot with
SmolLM2 on the corpus; between 0.2 and 0.5 its accuracy hardly changed."""

DOUBT = 0.33
"""Votes that each label has before any is cast: of nine labels three equal answers then have 0.62, which is how often
SmolLM2 was right with them on the corpus."""


@dataclass(frozen=True)
class Token:
    """One token of an answer.

    Args:
        text: the token that was taken.
        top: each candidate at this place with its log-probability.
    """

    text: str
    top: dict[str, float]


@dataclass(frozen=True)
class _Branch:
    """Labels that agree with what was written so far, and how probable that is."""

    labels: list[str]
    written: str
    weight: float


def label_masses(path: list[Token], labels: list[str]) -> dict[str, float]:
    """The probability of each label, 0 to 1; together at most 1, the rest went to other words.

    A token may begin several labels (`le` of letter and legal): along the tokens that were taken, the next token
    decides; off that path the labels share.
    """
    masses = dict.fromkeys(labels, 0.0)
    branch: _Branch | None = _Branch(labels, "", 1.0)
    for token in path:
        branch = _step(masses, branch, token)
        if branch is None:
            return masses
    _share(masses, branch.labels, branch.weight)
    return masses


def _step(masses: dict[str, float], branch: _Branch, token: Token) -> _Branch | None:
    """Share out one token's candidates; the branch that stays open, or None."""
    following: _Branch | None = None
    for text, logprob in token.top.items():
        written = (branch.written + text.lower()).lstrip(" \n\t\"'*▁")
        meant = _meant(branch, written)
        weight = branch.weight * math.exp(logprob)
        if text == token.text and len(meant) > 1:
            following = _Branch(meant, written, weight)
        elif written:
            _share(masses, meant, weight)
    return following


def _meant(branch: _Branch, written: str) -> list[str]:
    """The labels that agree with what is written: those it begins, else the one that it goes beyond or ends."""
    begun = [label for label in branch.labels if label.lower().startswith(written)]
    ended = written.rstrip(" \n.,\"'*")
    if ended != written or not begun:
        exact = [label for label in branch.labels if label.lower() == ended]
        return exact or [label for label in branch.labels if ended.startswith(label.lower())]
    return begun


def _share(masses: dict[str, float], labels: list[str], weight: float) -> None:
    for label in labels:
        masses[label] += weight / len(labels)


def calibrated(masses: dict[str, float], priors: list[dict[str, float]]) -> dict[str, float]:
    """Scores that sum to 1: each label's probability, less the model's prejudice for it.

    Args:
        masses: the probability of each label, of the document.
        priors: the same for texts that say nothing; a small model prefers some words whatever it reads.
    """
    weighed = {label: math.exp(_log(mass) - CALIBRATION * _mean_log(label, priors)) for label, mass in masses.items()}
    total = sum(weighed.values())
    return {label: round(one / total, 4) for label, one in weighed.items()}


def voted(votes: list[str], labels: list[str]) -> dict[str, float]:
    """Scores that sum to 1, of some answers to one question.

    Args:
        votes: the label of each answer, at least one; the first counts twice, so it is the choice.
        labels: all that there are. Each has a doubt's worth beforehand: equal answers are no certainty.
    """
    votes = [votes[0], *votes]
    total = len(votes) + DOUBT * len(labels)
    scores = {label: (votes.count(label) + DOUBT) / total for label in dict.fromkeys([votes[0], *labels])}
    return {label: round(score, 4) for label, score in scores.items()}


def _mean_log(label: str, priors: list[dict[str, float]]) -> float:
    return sum(_log(prior[label]) for prior in priors) / len(priors)


def _log(probability: float) -> float:
    return math.log(max(probability, FLOOR))
