"""What speaks for a candidate beside its labels: where it stands, how large it is, what it looks like."""

import re
from collections.abc import Sequence
from decimal import Decimal

from worker.extraction.candidates import Candidate
from worker.extraction.ranking import View
from worker.extraction.targets import Target

LEAST = {"total": 1.0, "date": 0.3, "currency": 0.0, "vendor": 0.8, "title": 0.5, "organisation": 0.8, "iban": 0.0}
"""How much must speak for a value of these roles; without a label there is something."""
LEAST_OF_OTHERS = 1.2
"""How much must speak for any other: a label."""


def least(target: Target) -> float:
    """The score from which on a value is taken."""
    return LEAST.get(target.role, LEAST_OF_OTHERS)


class AmountPrior:
    """Totals are large, stand far down, and have decimals or a currency.

    Args:
        candidates: all amounts of the document.
    """

    def __init__(self, candidates: Sequence[Candidate]) -> None:
        sure = sorted({Decimal(one.value) for one in candidates if re.search(r"[.,]\s?\d{2}$", one.text)})
        self.largest = sure[-1] if sure else Decimal(0)
        self.next = sure[-2] if len(sure) > 1 else self.largest

    def __call__(self, target: Target, one: Candidate, view: View) -> float:
        """For one candidate."""
        value = Decimal(one.value)
        score = -1.0 if one.text.isdigit() and one.doubt else 0.0
        if target.role == "total":
            score += 0.8 * view.height(one) + 0.4 * (one.page - 1) / max(1, view.pages - 1)
            score += 0.8 if value == self.largest else 0.4 if value == self.next else 0.0
            score -= 2.0 if value <= 0 else 0.0
        elif target.role in ("net", "tax"):
            score += 0.4 * view.height(one)
            score -= 1.0 if value == 0 else 0.0
        return score


def date_prior(target: Target, one: Candidate, view: View) -> float:
    """The date of a document stands at its head."""
    if target.role != "date":
        return 0.0
    first = one.page == 1 or one.page == view.pages
    return 0.6 + 0.9 * (1 - view.height(one)) * (one.page == 1) - (0.0 if first else 0.8)


def identifier_prior(target: Target, one: Candidate, view: View) -> float:
    """A document's number has some length, is no year, and stands on the first page."""
    text = re.sub(r"\W", "", one.text)
    score = 0.5 if one.page == 1 else 0.0
    score += 0.3 if len(text) >= 5 else -0.8 if len(text) < 3 else 0.0
    score -= 0.8 if re.fullmatch(r"(?:19|20)\d\d", text) else 0.0
    score -= 1.0 if re.search(r"\d[.,]\d{2}$", one.text) else 0.0
    score -= 0.7 if re.match(r"\s?[%x]|\s?(?:kg|mb|gb|pcs)\b", view.near.right.lower()) else 0.0
    return score


def currency_prior(target: Target, one: Candidate, view: View) -> float:
    """A currency stands beside figures; a code says more than a sign."""
    after = view.sheet.text[one.end : one.end + 3]
    before = view.sheet.text[max(0, one.start - 2) : one.start]
    beside = bool(re.match(r"\s?[-\u2212]?\d", after) or re.search(r"\d\s?$", before))
    return 0.5 + (0.8 if beside else 0.0) + (0.3 if len(one.text) >= 3 else 0.0)


def no_prior(target: Target, one: Candidate, view: View) -> float:
    """Nothing speaks for it but its labels."""
    return 0.0
