"""Checks: fields compared with each other."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from orchestrator.findings import Check, Field
from worker.extraction.amounts import written
from worker.extraction.slates import Slate, Table
from worker.extraction.totals import CENT, ROUNDING, closing

FAILED = 0.5
"""By what a failed check multiplies the confidence of the fields that it compares."""


def checks_of(table: Table, fields: Mapping[str, Field]) -> list[tuple[Check, list[str]]]:
    """Each check that can be made, with the names of the fields that it compares."""
    named = {slate.target.role: slate.target.field.name for slate in table.slates if slate.target.role != "own"}
    values = {role: fields[name].value for role, name in named.items() if fields[name].value is not None}
    sums = _sums(values, _tax_lines(table.slates), table.extras)
    explained = any(check.holds for check, _ in sums)  # then a discount may take the total below its net
    bounds = [made for made in _bounds(values) if made[0].holds or not explained]
    checks = [*sums, *bounds, *_order(values)]
    return [(check, [named[role] for role in roles]) for check, roles in checks]


def _tax_lines(slates: Sequence[Slate]) -> list[Decimal]:
    """The different amounts that stand beside a tax's label."""
    taxes = next((slate for slate in slates if slate.target.role == "tax"), None)
    return [Decimal(one.value) for one in taxes.options if one.score >= taxes.least][:6] if taxes else []


Made = list[tuple[Check, list[str]]]


def _sums(values: Mapping[str, str | None], tax_lines: list[Decimal], extras: Sequence[Decimal]) -> Made:
    net, tax, total = (values.get(role) for role in ("net", "tax", "total"))
    if net is None or tax is None or total is None:
        return []
    name, holds, says = _sum(Decimal(net), Decimal(tax), Decimal(total), tax_lines, extras)
    return [(Check(name, holds, says), ["net", "tax", "total"])]


def _sum(
    net: Decimal, tax: Decimal, total: Decimal, tax_lines: list[Decimal], extras: Sequence[Decimal]
) -> tuple[str, bool, str]:
    """(the check's name, whether it holds, the figures)."""
    name, gap = "net + tax = total", total - net - tax
    said = f"{written(net)} + {written(tax)}"
    if abs(gap) < CENT:
        return name, True, f"{said} = {written(total)}"
    closed = closing(gap, extras)
    if closed is not None:
        more = "".join(f" {'-' if value < 0 else '+'} {written(abs(value))}" for value in closed)
        return "net + tax + others = total", True, f"{said}{more} = {written(total)}"
    if len(tax_lines) > 1 and abs(net + sum(tax_lines) - total) < CENT:
        taxes = " + ".join(written(line) for line in tax_lines)
        return "net + taxes = total", True, f"{written(net)} + {taxes} = {written(total)}"
    if abs(gap) <= ROUNDING:
        return name, True, f"{said} = {written(total)}, rounded by {written(gap)}"
    return name, False, f"{said} = {written(net + tax)}, not {written(total)}"


def _bounds(values: Mapping[str, str | None]) -> Made:
    total = values.get("total")
    made: Made = []
    for role in ("net", "tax"):
        part = values.get(role)
        if total is not None and part is not None and Decimal(total) >= 0:
            holds = Decimal(part) <= Decimal(total)
            says = f"{total} is at least {part}" if holds else f"{total} is less than {part}"
            made.append((Check(f"total >= {role}", holds, says), ["total", role]))
    return made


def _order(values: Mapping[str, str | None]) -> Made:
    issued, due = values.get("date"), values.get("due_date")
    if issued is None or due is None:
        return []
    holds = due >= issued
    return [
        (Check("due date >= date", holds, f"{due} is {'not ' if holds else ''}before {issued}"), ["date", "due_date"])
    ]
