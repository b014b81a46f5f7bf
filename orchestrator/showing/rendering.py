"""From a dossier to HTML: no script, nothing loaded from elsewhere, and all that comes from the document escaped."""

import base64
import hashlib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestrator.dossier import Dossier
from orchestrator.showing.album import Shot
from orchestrator.showing.passages import LOW_SCORE
from orchestrator.showing.views import FieldView, PageView, field_views, label, page_view, together, unread_view

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATES = Path(__file__).parent / "templates"
HOVER = (
    "body:has(#f-{0}:hover) #e-{0} rect{{fill:rgb(255 200 0/.6);stroke:#b47a00;stroke-width:2}}"
    "body:has(#f-{0}:hover) #e-{0} text{{opacity:1}}"
    "body:has(:is({1}):is(:hover,:focus-visible),#e-{0}:target) #f-{0}>*"
    "{{background:color-mix(in srgb,var(--mark) 22%,transparent)}}"
)
"""A field and its box light up together; the name in it was checked to be one."""

Shoot = Callable[[int, int], "Shot | None"]
"""The picture of a page: its index from 0, and the degrees counter-clockwise by which it is to be turned."""


def render(
    dossier: Dossier, numbers: Sequence[int], shoot: Shoot, *, images: str = "data:", no_picture: str = ""
) -> Iterator[str]:
    """The HTML, piece by piece: each page's picture is made when its piece is.

    Args:
        numbers: the pages to show, from 1.
        shoot: gives a page's picture, or None where there is none.
        images: from where the browser may load pictures, in the words of Content-Security-Policy.
        no_picture: why there are no pictures, where there are none.
    """
    fields = field_views(dossier, set(numbers))
    style = _style(fields)
    pieces = (
        _environment()
        .get_template("document.html")
        .generate(
            dossier=dossier,
            document=dossier.document,
            fields=fields,
            numbers=numbers,
            marked=_pages_with_evidence(dossier),
            failed={failed.page for failed in dossier.failed_pages},
            pages=_pages(dossier, fields, numbers, shoot),
            scores=_scores(dossier),
            style=style,
            policy=policy(style, images),
            no_picture=no_picture,
            low_score=LOW_SCORE,
            percent=_percent,
            label=label,
            made=f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
            submitted=_moment(dossier.document.submitted_at),
            took=_took(dossier),
        )
    )
    # Plain strings: some pieces are of a kind that escapes whatever it is put beside.
    return map(str, pieces)


def policy(style: str, images: str) -> str:
    """What the page may do: show itself and its pictures, and nothing else."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; img-src {images}; base-uri 'none'; form-action 'none'"


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    return Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True)


def _style(fields: Sequence[FieldView]) -> str:
    """The style sheet; safe as it is: nothing of a document is in it but names that are plain."""
    from markupsafe import Markup

    hover = "".join(HOVER.format(field.anchor, _boxes(field, fields)) for field in fields if field.shown)
    return Markup((TEMPLATES / "style.css").read_text(encoding="utf-8") + hover)


def _boxes(field: FieldView, fields: Sequence[FieldView]) -> str:
    """The boxes over which a pointer means the field too; one of them lies on top."""
    return ",".join(f"#e-{one.anchor}" for one in together(field, list(fields)))


def _pages(dossier: Dossier, fields: list[FieldView], numbers: Collection[int], shoot: Shoot) -> Iterator[PageView]:
    read = {page.index + 1: page for page in dossier.pages}
    errors = {failed.page: failed.error for failed in dossier.failed_pages}
    for number in numbers:
        page = read.get(number)
        shot = shoot(number - 1, page.turned if page else 0)
        if page is not None:
            yield page_view(page, fields, shot)
        else:
            yield unread_view(number, errors.get(number, ""), shot)


def _pages_with_evidence(dossier: Dossier) -> set[int]:
    found: Mapping[str, Any] = dossier.fields.fields if dossier.fields else {}
    return {field.evidence.page for field in found.values() if field.evidence}


def _scores(dossier: Dossier) -> list[tuple[str, float]]:
    """The categories that were not chosen, the likeliest first."""
    kind = dossier.category
    if kind is None:
        return []
    ordered = sorted(kind.scores.items(), key=lambda pair: -pair[1])
    return [(name, score) for name, score in ordered if name != kind.category][:5]


def _percent(share: float) -> str:
    """A share as people read it; what is nearly sure is not sure."""
    return "> 99 %" if 0.995 <= share < 1 else f"{share:.0%}".replace("%", "\u202f%")


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M} UTC" if text else ""


def _took(dossier: Dossier) -> str:
    document = dossier.document
    if not document.finished_at:
        return ""
    seconds = (
        datetime.fromisoformat(document.finished_at) - datetime.fromisoformat(document.submitted_at)
    ).total_seconds()
    return f"{seconds:.1f}\u202fs" if seconds < 100 else f"{seconds / 60:.0f}\u202fmin"
