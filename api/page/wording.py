"""How figures and times stand on the page; each is a filter of the templates."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from orchestrator.overview.wording import lasting

SHORT = 6
"""Characters at the end of an id that tell it from its neighbours."""


def number(value: float | None) -> str:
    """`1,240`; a dash where nobody knows."""
    return "\u2013" if value is None else f"{value:,.0f}"


def moment(seconds: float | str | None) -> str:
    """An absolute time, for a tooltip."""
    return "" if seconds is None else f"{_when(seconds):%Y-%m-%d %H:%M:%S} UTC"


def ago(seconds: float | str | None, now: float) -> Markup:
    """A time as it lies behind now, with the absolute one in its tooltip."""
    if seconds is None:
        return Markup("\u2013")
    when = _when(seconds)
    behind = max(0.0, now - when.timestamp())
    told = "now" if behind < 1 else f"{lasting(float(int(behind)))} ago"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(when.isoformat(), moment(seconds), told)


def whole(seconds: float | None) -> str:
    """A duration that moves: no parts of a second."""
    return "\u2013" if seconds is None else lasting(float(int(seconds)) if seconds >= 1 else 0.0)


def ending(name: str) -> str:
    """The end of an id, where there is little room."""
    head, dot, part = name.partition(".")
    return f"\u2026{head[-SHORT:]}{dot}{part}"


def plain(pipeline: str) -> str:
    """A pipeline's name without its digest."""
    return pipeline.partition("@")[0]


def log_line(line: str, document: str) -> Mapping[str, Any]:
    """A line of a document's log: when, of which job, what."""
    stamp, _, rest = line.partition(" ")
    job, _, told = rest.partition(" ")
    if not stamp.isdigit():
        return {"at": None, "job": "", "told": line}
    return {"at": int(stamp) / 1000, "job": job.removeprefix(document).lstrip("/"), "told": told}


def _when(seconds: float | str) -> datetime:
    return datetime.fromisoformat(seconds) if isinstance(seconds, str) else datetime.fromtimestamp(seconds, UTC)
