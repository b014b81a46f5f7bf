"""What a choice looks like, whoever made it."""

import msgspec


class Choice(msgspec.Struct, frozen=True):
    """A label chosen.

    Args:
        confidence: 0 to 1; the label's score.
        scores: of each label; they sum to 1.
        how: by what it was chosen.
        truncated: whether only a part of the text was looked at.
    """

    label: str
    confidence: float
    scores: dict[str, float]
    how: str
    truncated: bool


def best(scores: dict[str, float], how: str, truncated: bool) -> Choice:
    """The label with the highest score."""
    label = max(scores, key=lambda name: scores[name])
    return Choice(label, scores[label], scores, how, truncated)
