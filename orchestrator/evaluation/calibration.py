"""How far a confidence can be believed: a temperature fitted to it by likelihood, and its error. Pure, no I/O."""

import math
from collections.abc import Sequence

Pair = tuple[dict[str, float], str]
"""(the scores of a document's categories, which sum to 1; the true category)."""

COLDEST, HOTTEST = 0.05, 20.0
BINS = 10
FLOOR = 1e-6
_GOLDEN = (math.sqrt(5) - 1) / 2


def tempered(scores: dict[str, float], temperature: float) -> dict[str, float]:
    """The same scores, more modest where the temperature is above 1, surer below; they sum to 1."""
    powers = {label: max(score, FLOOR) ** (1 / temperature) for label, score in scores.items()}
    total = sum(powers.values())
    return {label: round(power / total, 4) for label, power in powers.items()}


def fit(pairs: Sequence[Pair]) -> float:
    """The temperature under which it is likeliest that the choices are right and wrong as they are.

    Only the best category's score counts: the likelihood of the truth itself would be ruled by the few documents in
    which it came last. Scores that a temperature was applied to already give what that one is to be multiplied by: the
    setting `DOCMILL_CATEGORY_TEMPERATURE` becomes its old value times this.

    Args:
        pairs: a truth that is not among the categories makes the choice wrong.

    Returns:
        0.05 to 20; 1 where there is nothing to go by.
    """
    if not pairs:
        return 1.0
    judged = [(scores, max(scores, key=lambda one: scores[one]) == truth) for scores, truth in pairs]
    low, high = math.log(COLDEST), math.log(HOTTEST)
    while high - low > 1e-3:  # golden section
        left, right = high - _GOLDEN * (high - low), low + _GOLDEN * (high - low)
        if _loss(judged, math.exp(left)) < _loss(judged, math.exp(right)):
            high = right
        else:
            low = left
    return round(math.exp((low + high) / 2), 2)


def expected_calibration_error(pairs: Sequence[Pair], bins: int = BINS) -> float:
    """By how much confidence and share of right choices differ, 0 to 1, weighed over equally filled bins.

    Args:
        pairs: a truth that is not among the categories makes the choice wrong.
        bins: at most so many.
    """
    chosen = sorted(
        (max(scores.values()), max(scores, key=lambda one: scores[one]) == truth) for scores, truth in pairs
    )
    count = min(bins, len(chosen))
    error = 0.0
    for index in range(count):
        part = chosen[index * len(chosen) // count : (index + 1) * len(chosen) // count]
        error += abs(sum(confidence for confidence, _ in part) - sum(right for _, right in part))
    return error / len(chosen) if chosen else 0.0


def _loss(judged: Sequence[tuple[dict[str, float], bool]], temperature: float) -> float:
    """Minus the log-likelihood that the choices are right and wrong as they are."""
    return -sum(_log_chance(scores, right, temperature) for scores, right in judged)


def _log_chance(scores: dict[str, float], right: bool, temperature: float) -> float:
    confidence = max(tempered(scores, temperature).values())
    return math.log(max(confidence if right else 1 - confidence, FLOOR))
