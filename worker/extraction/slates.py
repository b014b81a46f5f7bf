"""Slates: for each field the values that the text offers, ranked. Pure, and slow for long texts: run it in a thread."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from orchestrator.forms import FormField
from worker.extraction.amounts import find_amounts, plainly
from worker.extraction.candidates import Candidate
from worker.extraction.currencies import find_currencies
from worker.extraction.dates import find_dates, settled
from worker.extraction.identifiers import find_ibans, find_identifiers
from worker.extraction.names import text_candidates
from worker.extraction.priors import AmountPrior, currency_prior, date_prior, identifier_prior, least, no_prior
from worker.extraction.ranking import Option, Score, options_of, ranked
from worker.extraction.sheets import Sheet
from worker.extraction.targets import Target, target_of
from worker.extraction.totals import Helpers, explain_parts, explain_totals

MOST_CANDIDATES = 2000
"""Of one kind: half from the beginning, half from the end of a longer document."""
HELPERS = ("net", "tax", "paid", "change", "extra")
"""Amounts that explain a total, looked for where a form has a total."""
BESIDE_TOTAL = 1.5
"""What speaks for a currency that stands in the total's row."""


@dataclass
class Slate:
    """A field and its options, the best first."""

    target: Target
    options: list[Option]

    @property
    def least(self) -> float:
        """The score from which on an option is taken."""
        return least(self.target)

    @property
    def first(self) -> Option | None:
        """The best option, where enough speaks for it."""
        return self.options[0] if self.options and self.options[0].score >= self.least else None


@dataclass(frozen=True)
class Table:
    """What a document offers.

    Args:
        slates: one a field, in the form's order.
        extras: amounts that enter its sum beside net and tax: tips, discounts, rounding.
    """

    slates: list[Slate]
    extras: list[Decimal]


def offered(fields: Sequence[FormField], sheets: Sequence[Sheet], language: str) -> Table:
    """What the document offers for each field.

    Args:
        fields: the form.
        sheets: the document's pages.
        language: ISO 639-1; empty where nobody knows.
    """
    targets = [target_of(one) for one in fields]
    candidates = find_all(sheets, language, {one.kind for one in fields})
    slates = [Slate(target, _options(target, candidates, sheets)) for target in targets]
    return Table(slates, _explain(slates, candidates, sheets))


def find_all(sheets: Sequence[Sheet], language: str, kinds: set[str]) -> dict[str, list[Candidate]]:
    """Every candidate of those kinds."""
    dates = [found for sheet in sheets for found in find_dates(sheet.number, sheet.text)]
    taken: dict[int, list[Candidate]] = {}
    for one, _ in dates:
        taken.setdefault(one.page, []).append(one)
    found: dict[str, list[Candidate]] = {kind: [] for kind in kinds}
    for sheet in sheets:
        others = taken.get(sheet.number, [])
        if kinds & {"amount", "number"}:
            figures = list(find_amounts(sheet.number, sheet.text, others))
            found.setdefault("amount", []).extend(figures)
            found.setdefault("number", []).extend(as_numbers(figures))
        if "identifier" in kinds:
            found["identifier"] += find_identifiers(sheet.number, sheet.text, others)
        if "iban" in kinds:
            found["iban"] += find_ibans(sheet.number, sheet.text)
        found.setdefault("currency", []).extend(find_currencies(sheet.number, sheet.text, language))
    found["date"] = settled(dates, _month_first(found["currency"], language))
    return {kind: _bounded(members) for kind, members in found.items()}


def as_numbers(figures: Sequence[Candidate]) -> list[Candidate]:
    """The figures as plain numbers: 12 rather than 12.00."""
    return [Candidate(plainly(Decimal(o.value)), o.page, o.start, o.end, o.text, o.doubt) for o in figures]


def _bounded(members: list[Candidate]) -> list[Candidate]:
    half = MOST_CANDIDATES // 2
    return members if len(members) <= MOST_CANDIDATES else members[:half] + members[-half:]


def _month_first(currencies: Sequence[Candidate], language: str) -> bool | None:
    """Whether 6/10/2019 is in June: in English with dollars it is; other languages have the day first."""
    if language not in ("", "en"):
        return False
    return True if any(one.value == "USD" for one in currencies) else None


def _options(target: Target, candidates: dict[str, list[Candidate]], sheets: Sequence[Sheet]) -> list[Option]:
    kind = target.field.kind
    if kind == "text":
        return options_of(text_candidates(target, sheets)) if sheets else []
    members = candidates[kind]
    priors: dict[str, Score] = {
        "amount": AmountPrior(candidates.get("amount", [])), "date": date_prior, "identifier": identifier_prior,
        "currency": currency_prior,
    }  # fmt: skip
    return ranked(target, members, sheets, priors.get(kind, no_prior))


def _explain(slates: list[Slate], candidates: dict[str, list[Candidate]], sheets: Sequence[Sheet]) -> list[Decimal]:
    """Let the amounts explain each other, and the total tell the currency; answers the extras that enter the sum."""
    total = next((one for one in slates if (one.target.role, one.target.field.kind) == ("total", "amount")), None)
    if total is None:
        return []
    known = {one.target.role: one.options for one in slates if one.target.field.kind == "amount"}
    rest = {
        role: _options(Target(FormField(role, "amount"), role), candidates, sheets)
        for role in HELPERS
        if role not in known
    }
    helpers = Helpers(**{role: (known | rest)[role] for role in HELPERS})
    explain_totals(total.options, helpers)
    _resort(total.options)
    if total.first is not None:
        explain_parts(Decimal(total.first.value), helpers)
        for slate in slates:
            if slate.target.field.kind == "currency":
                _beside(slate.options, total.first.best, sheets)
            _resort(slate.options)
    return helpers.extras


def _beside(options: list[Option], total: Candidate, sheets: Sequence[Sheet]) -> None:
    """Raise the currencies that stand in the total's row."""
    row = sheets[total.page - 1].row_of(total.start)
    for option in options:
        if any(
            one.page == total.page and sheets[one.page - 1].row_of(one.start) == row for _, one in option.candidates
        ):
            option.score += BESIDE_TOTAL


def _resort(options: list[Option]) -> None:
    options.sort(key=lambda option: -option.score)
