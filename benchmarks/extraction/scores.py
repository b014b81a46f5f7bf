"""Precision and recall by field and kind, and values that no page says, found by other parsers than extraction's own."""

import re
from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from benchmarks.extraction.truth import Truth, same
from orchestrator.findings import Field, Fields, PageText

PARTIES = ("party", "other_party")


@dataclass
class Tally:
    """Counts of one field over documents."""

    kind: str = ""
    true: int = 0
    found: int = 0
    right: int = 0

    @property
    def precision(self) -> float:
        """Of what was found, the share that is right."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """Of what is true, the share that was found."""
        return self.right / self.true if self.true else 1.0


@dataclass
class Scores:
    """Of one way to choose."""

    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    sure: list[tuple[float, bool]] = field(default_factory=list[tuple[float, bool]])
    """The confidence of each value whose truth is known, and whether it is right."""
    ungrounded: list[str] = field(default_factory=list[str])
    wrong: list[str] = field(default_factory=list[str])
    seconds: float = 0.0

    def add(self, name: str, found: Fields, truth: Truth, pages: list[PageText]) -> None:
        """Count one document; fields whose truth nobody knows are checked for their grounds alone."""
        fields = dict(found.fields)
        parties = [fields.pop(one) for one in PARTIES if one in fields]
        self.ungrounded += [
            f"{name}: {key} {one.value!r}"
            for key, one in found.fields.items()
            if one.value and not grounded(one, pages)
        ]
        for key, values in truth.items():
            candidates = parties if key == "parties" else [fields[key]] if key in fields else []
            if candidates:
                self._count(f"{name}: {key}", key, values, candidates)

    def _count(self, place: str, key: str, values: list[str], candidates: list[Field]) -> None:
        tally = self.tallies[key]
        tally.kind = candidates[0].kind
        tally.true += len(values)
        # A second party that the truth does not list is not known to be wrong.
        given = [one for one in candidates if one.value is not None][: len(values)]
        tally.found += len(given)
        for one in given:
            right = any(same(one.kind, true, one.value or "") for true in values)
            tally.right += right
            self.sure.append((one.confidence, right))
            if not right:
                self.wrong.append(f"{place}: {one.value!r} is {' | '.join(values)!r} ({one.confidence:.2f})")
        if len(given) < len(values):
            self.wrong.append(f"{place}: nothing, is {' | '.join(values)!r}")


def grounded(one: Field, pages: list[PageText]) -> bool:
    """Whether the evidence stands on its page and says the value, as dateparser and plain digits have it."""
    import dateparser

    evidence, value = one.evidence, one.value or ""
    if evidence is None or evidence.text not in pages[evidence.page - 1].text:
        return False
    if one.kind == "date":
        read = [
            dateparser.parse(evidence.text, settings={"DATE_ORDER": order, "REQUIRE_PARTS": ["day", "month", "year"]})
            for order in ("DMY", "MDY", "YMD")
        ]
        return any(found is not None and found.date().isoformat() == value for found in read)
    if one.kind in ("amount", "number"):
        digits = re.sub(r"\D", "", evidence.text)
        return str(abs(Decimal(value))).replace(".", "").strip("0") == digits.strip("0")
    if one.kind == "currency":
        return value in evidence.text or not any(letter.isdigit() for letter in evidence.text)
    return re.sub(r"\s", "", value) == re.sub(r"\s", "", evidence.text)
