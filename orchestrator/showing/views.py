"""What the template shows, made of what was found."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from orchestrator.dossier import Dossier
from orchestrator.findings import Box, Evidence, Field, PageText
from orchestrator.showing.album import Shot
from orchestrator.showing.passages import Passage, is_low, passages

HOW = {"text-layer": "the PDF's own text", "ocr": "read by OCR", "blank": "blank"}


@dataclass(frozen=True)
class FieldView:
    """One field's row."""

    name: str
    anchor: str
    """Its part of ids: the row is `f-<anchor>`, its box on the page `e-<anchor>`."""
    field: Field
    required: bool
    """Whether it is missing though it is required."""
    shown: bool
    """Whether the page that its evidence is on is shown."""

    @property
    def label(self) -> str:
        """`governing_law` as people write it."""
        return label(self.name)


@dataclass(frozen=True)
class BoxView:
    """A box on a page's picture, in percent of its sides."""

    left: float
    top: float
    width: float
    height: float
    says: str
    low: bool = False
    field: FieldView | None = None
    label: str = ""
    """Of all fields that were read there."""


@dataclass(frozen=True)
class PageView:
    """One page."""

    number: int
    how: str
    notes: list[str]
    lang: str
    lines: list[BoxView]
    evidence: list[BoxView]
    passages: list[Passage]
    unplaced: list[FieldView]
    """Fields whose evidence is on this page, but nobody knows where."""
    picture: str | None
    """Its address: a data URL, or a file's."""
    width: int
    height: int
    failed: str = ""
    """Why it could not be read."""


def label(name: str) -> str:
    """A field's or check's name as people write it."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def field_views(dossier: Dossier, shown: set[int]) -> list[FieldView]:
    """The fields in their order.

    Args:
        shown: the pages that are, from 1.
    """
    if dossier.fields is None:
        return []
    missing = set(dossier.fields.missing)
    views = [
        FieldView(name, _anchor(name, place), field, name in missing, _page_of(field) in shown)
        for place, (name, field) in enumerate(dossier.fields.fields.items(), start=1)
    ]
    absent = [name for name in dossier.fields.missing if name not in dossier.fields.fields]
    return views + [FieldView(name, _anchor(name, 900), Field(None, "text"), True, False) for name in absent]


def page_view(page: PageText, fields: list[FieldView], shot: Shot | None) -> PageView:
    """One page with what was found on it.

    Args:
        shot: its picture; None where there is none.
    """
    here = {view.anchor: view for view in fields if _page_of(view.field) == page.index + 1}
    evidence = dict(_evidence(here))
    placed = [
        replace(_box(_around(one.box), _says(here[a])), field=here[a], label=_labels(here[a], fields))
        for a, one in evidence.items()
        if one.box
    ]
    return PageView(
        number=page.index + 1,
        how=HOW[page.how],
        notes=_notes(page),
        lang=page.lang,
        lines=[_box(line.box, _line_says(line.text, line.score), low=is_low(line)) for line in page.lines],
        evidence=placed,
        passages=passages(page, evidence),
        unplaced=[here[a] for a, one in evidence.items() if not one.box or not shot],
        picture=shot.address if shot else None,
        width=shot.width if shot else 0,
        height=shot.height if shot else 0,
    )


def unread_view(number: int, error: str, shot: Shot | None) -> PageView:
    """A page that could not be read, or has not been read yet.

    Args:
        error: why it could not be; empty where nobody knows.
    """
    how, failed = ("could not be read", error) if error else ("not read", "This page has not been read.")
    address, width, height = (shot.address, shot.width, shot.height) if shot else (None, 0, 0)
    return PageView(number, how, [], "", [], [], [], [], address, width, height, failed)


def _notes(page: PageText) -> list[str]:
    notes = [f"turned by {page.turned}°"] if page.turned else []
    if abs(page.skew) >= 0.5:
        notes.append(f"{abs(page.skew):.1f}° askew")
    if page.dropped:
        notes.append(f"{page.dropped} unreadable {'line' if page.dropped == 1 else 'lines'} left out")
    return notes


def _evidence(here: Mapping[str, FieldView]) -> Iterator[tuple[str, Evidence]]:
    for anchor, view in here.items():
        if view.field.evidence is not None:
            yield anchor, view.field.evidence


def _page_of(field: Field) -> int:
    return field.evidence.page if field.evidence else 0


def _anchor(name: str, place: int) -> str:
    """The name itself where it can be a part of an id and of a style rule, else its place."""
    return name if re.fullmatch(r"[a-z][a-z0-9_]*", name) else f"field-{place}"


def _says(view: FieldView) -> str:
    return f"{view.label}: {view.field.value}"


def _line_says(text: str, score: float) -> str:
    return f"{text} ({score:.0%})" if score < 1 else text


def together(view: FieldView, fields: list[FieldView]) -> list[FieldView]:
    """Those that were read in the same box, itself among them: `GBP 412.80` gives a total and a currency."""
    seen = view.field.evidence
    if seen is None or seen.box is None:
        return [view]
    places = [(one, one.field.evidence) for one in fields]
    return [one for one, other in places if other and (other.page, other.box) == (seen.page, seen.box)]


def _labels(view: FieldView, fields: list[FieldView]) -> str:
    return ", ".join(one.label for one in together(view, fields))


def _around(box: Box) -> Box:
    """A little larger, so that its line covers no letter."""
    return box[0] - 4, box[1] - 3, box[2] + 4, box[3] + 3


def _box(box: Box, says: str, *, low: bool = False) -> BoxView:
    left, top, right, bottom = (min(1000, max(0, side)) / 10 for side in box)
    return BoxView(left, top, round(right - left, 1), round(bottom - top, 1), says, low)
