"""Amounts that explain each other: net and tax make the total, cash less change is what was to be paid."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations, product

from worker.extraction.ranking import Option

EXPLAINED, NEARLY, PAID, PAID_EXACTLY = 2.5, 2.0, 1.2, 0.5
ROUNDING = Decimal("0.05")
"""What cash prices are rounded by."""
CENT = Decimal("0.01")
PLAUSIBLE = -0.8
"""From this score on an amount may be a net or a tax though nothing names it one."""
NAMED = 1.0
"""From this score on, its label says that it is one."""
ABOVE_TOTAL = 3.0
MOST_EXTRAS, MOST_CLOSING = 5, 3
CONSIDERED = 10
"""Values of each that are tried."""


@dataclass(frozen=True)
class Helpers:
    """The options of the amounts that explain a total.

    Args:
        net: before tax.
        tax: on it.
        paid: in cash or by card.
        change: given back.
        extra: tips, charges for service and delivery, discounts, rounding.
    """

    net: list[Option]
    tax: list[Option]
    paid: list[Option]
    change: list[Option]
    extra: list[Option]

    @property
    def extras(self) -> list[Decimal]:
        """Those that stand beside such a label, as they may enter a sum: a discount may be printed without its sign."""
        named = [Decimal(one.value) for one in self.extra if one.score > NAMED][:MOST_EXTRAS]
        return [value for value in named if value]


def explain_totals(totals: Sequence[Option], helpers: Helpers) -> None:
    """Raise the totals that other amounts explain, in place."""
    for total in totals[:CONSIDERED]:
        value = Decimal(total.value)
        pairs = product(helpers.net[:CONSIDERED], helpers.tax[:CONSIDERED])
        total.score += max((_gain(value, net, tax, helpers) for net, tax in pairs), default=0.0) + _paid(value, helpers)


def _paid(total: Decimal, helpers: Helpers) -> float:
    paid = [Decimal(one.value) for one in helpers.paid[:CONSIDERED] if one.score > NAMED]
    back = [Decimal(one.value) for one in helpers.change[:CONSIDERED] if one.score > NAMED]
    if any(cash - change == total for cash in paid for change in back if change):
        return PAID
    return PAID_EXACTLY if total in paid else 0.0


def _gain(total: Decimal, net: Option, tax: Option, helpers: Helpers) -> float:
    """What the pair says for the total: less where other amounts are likelier to be the net and the tax."""
    least = min(net.score, tax.score)
    if least <= PLAUSIBLE:
        return 0.0
    weight = explains(total, Decimal(net.value), Decimal(tax.value), helpers.extras if least > NAMED else ())
    if weight == NEARLY and least <= NAMED:
        return 0.0
    behind = (net.score - helpers.net[0].score) + (tax.score - helpers.tax[0].score)
    return max(0.0, weight + 0.5 * behind)


def explains(total: Decimal, net: Decimal, tax: Decimal, extras: Sequence[Decimal] = ()) -> float:
    """How well net and tax explain the total: a tax of nothing explains nothing."""
    if total < 0:  # a credit note: what is negative in it is explained as a bill is
        return explains(-total, -net, -tax, extras)
    if tax <= 0 or net <= 0 or tax >= net:
        return 0.0
    gap = total - net - tax
    if abs(gap) < CENT:
        return EXPLAINED
    return NEARLY if abs(gap) <= ROUNDING or closing(gap, extras) is not None else 0.0


def closing(gap: Decimal, extras: Sequence[Decimal]) -> list[Decimal] | None:
    """The extras, with their signs, that make up the gap; None where none do."""
    signed = [(value, -value) for value in extras]
    for count in range(1, min(MOST_CLOSING, len(extras)) + 1):
        for chosen in combinations(signed, count):
            for values in product(*chosen):
                if abs(sum(values) - gap) < CENT:
                    return list(values)
    return None


def explain_parts(total: Decimal, helpers: Helpers) -> None:
    """Raise the net and the tax that make the total, in place; amounts above it are neither."""
    nets, taxes = helpers.net[:CONSIDERED], helpers.tax[:CONSIDERED]
    gains: dict[int, float] = {}
    for net, tax in product(nets, taxes):
        gain = _gain(total, net, tax, helpers)
        for one in (net, tax):
            gains[id(one)] = max(gains.get(id(one), 0.0), gain)
    for one in (*nets, *taxes):
        one.score += gains.get(id(one), 0.0) - (ABOVE_TOTAL if _above(Decimal(one.value), total) else 0.0)


def _above(value: Decimal, total: Decimal) -> bool:
    return value < total if total < 0 else value > total
