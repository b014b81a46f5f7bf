"""Bounds that an evaluation must keep, and what changed since an earlier one."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import msgspec

from orchestrator.errors import UsageError
from orchestrator.evaluation.report import Measures, Report, Row

BOUNDED = ("category", "field_precision", "field_recall", "on_page", "word_recall", "word_precision", "finished")
COMPARED = (*BOUNDED, "reviewed", "seconds_a_page", "seconds_an_ocr_page", "seconds_a_document")


class Change(NamedTuple):
    """One figure of two reports."""

    group: str
    """`overall`, or a category."""
    measure: str
    before: float | None
    now: float | None


def parse_bounds(text: str) -> dict[str, float]:
    """`category=0.5,word_recall=0.97` as measures and the least that they must be.

    Raises:
        UsageError: the text names the measures that there are.
    """
    pairs = [part.partition("=") for part in text.split(",") if part.strip()]
    try:
        bounds = {name.strip(): float(value) for name, _, value in pairs}
    except ValueError:
        raise UsageError(f"--fail-under {text!r}: write NAME=SHARE,…, such as category=0.5,word_recall=0.97") from None
    for name, bound in bounds.items():
        if name not in BOUNDED:
            raise UsageError(f"--fail-under: there is no measure {name!r}: use {', '.join(BOUNDED)}")
        if not 0 <= bound <= 1:
            raise UsageError(f"--fail-under: {name}={bound:g} is no share: use 0 to 1")
    return bounds


def broken_bounds(measures: Measures, bounds: Mapping[str, float]) -> list[str]:
    """In words, those that are not kept; what was not measured keeps none."""
    told: list[str] = []
    for name, bound in bounds.items():
        value: float | None = getattr(measures, name)
        if value is None:
            told.append(f"{name} must be at least {bound:g}, and no document here can tell")
        elif value < bound:
            told.append(f"{name} must be at least {bound:g}, and is {value:g}")
    return told


def read_report(path: Path) -> Report:
    """An earlier report.

    Raises:
        UsageError: it is none, or of a version that says other things.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Report)
    except OSError as problem:
        raise UsageError(f"{path} cannot be read ({problem.strerror})") from None
    except msgspec.DecodeError as problem:
        raise UsageError(f"{path} is no report of docmill evaluate ({problem})") from None


def changes(before: Report, now: Report) -> list[Change]:
    """The figures that differ, overall and by category."""
    groups = [("overall", before.overall, now.overall)]
    groups += [
        (name, before.by_category[name], now.by_category[name])
        for name in now.by_category
        if name in before.by_category
    ]
    pairs = [
        Change(group, name, getattr(old, name), getattr(new, name)) for group, old, new in groups for name in COMPARED
    ]
    return [change for change in pairs if change.before != change.now]


def changed_documents(before: Report, now: Report) -> Iterator[str]:
    """What became right or wrong, document by document, in words."""
    old = {row.file: row for row in before.documents}
    for row in now.documents:
        if row.file in old:
            yield from (f"{row.file}: {what}" for what in _changed(old[row.file], row))


def _changed(before: Row, now: Row) -> Iterator[str]:
    if before.status != now.status:
        yield f"{before.status} -> {now.status}"
    if before.category != now.category:
        verdict = {True: " (right)", False: " (wrong)"}.get(now.category == now.true_category, "") if now.asked else ""
        yield f"category {before.category} -> {now.category}{verdict}"
    old = {field.name: field for field in before.fields}
    for field in now.fields:
        was = old.get(field.name)
        if was is not None and was.right != field.right and field.right is not None:
            yield f"{field.name} {was.found!r} -> {field.found!r} ({'right' if field.right else 'wrong'})"
