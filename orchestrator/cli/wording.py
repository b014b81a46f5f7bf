"""How documents and steps are put into words and cells."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from orchestrator.views import Document, StepView

LONGEST_CELL = 400
"""Characters of a summary or an output in a table."""
COLOURS = {
    "succeeded": "green",
    "done": "green",
    "failed": "red",
    "partial": "yellow",
    "cancelled": "yellow",
    "running": "cyan",
    "busy": "cyan",
    "idle": "dim",
    "starting": "yellow",
    "draining": "yellow",
    "resting": "yellow",
    "silent": "red",
    "ended": "dim",
}


def step_words(step: "StepView") -> str:
    """A step with how far it is: `ocr 3/12`; `ocr 11/12, 1 failed`."""
    if not step.total:
        return step.name
    return f"{step.name} {step.done or 0}/{step.total}" + (f", {step.failed} failed" if step.failed else "")


def is_running(step: "StepView") -> bool:
    """Whether a slot is at it; a fan-out waits and runs at once."""
    return step.state == "leased" or (step.state == "ready" and bool(step.total) and step.waits_for is None)


def share_done(document: "Document") -> float:
    """How much of a document is done, 0 to 1: each step counts the same, a fan-out by its items."""
    parts = [_share(step) for step in document.steps]
    return sum(parts) / len(parts) if parts else 0.0


def doing(document: "Document") -> str:
    """What happens to a document now, else what it waits for."""
    running = [step_words(step) for step in document.steps if is_running(step)]
    if running:
        return ", ".join(running)
    waits = [f"{step.name}: waits for {step.waits_for}" for step in document.steps if step.waits_for]
    return waits[0] if waits else document.status


def counted(count: int, name: str) -> str:
    """So many of it: `1 line`, `2 lines`."""
    return f"{count} {name}" if count == 1 else f"{count} {name}s"


def took(seconds: float | None) -> str:
    """A duration."""
    if seconds is None:
        return ""
    minutes, rest = divmod(seconds, 60)
    return f"{minutes:.0f} min {rest:.0f} s" if minutes else f"{rest:.1f} s"


def span(seconds: float) -> str:
    """A duration in few characters, for what moves: `12 s`, `3 min 5 s`, `2 h 10 min`."""
    whole = int(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    if hours >= 48:
        return f"{hours // 24} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    # A limit of 600 s is called so: people wrote it that way.
    return f"{whole} s" if whole < 1000 else f"{minutes} min {rest} s"


def ago(seconds: float) -> str:
    """How long something is past; nobody counts the seconds of what is minutes past."""
    if 120 <= seconds < 7200:
        return f"{seconds // 60:.0f} min ago"
    return f"{span(seconds)} ago"


def size(count: int | None) -> str:
    """Bytes, as people say them; nothing where they are not known."""
    if not count:
        return ""
    mebibytes = count / 2**20
    return f"{mebibytes / 1024:.1f} GiB" if mebibytes >= 1000 else f"{mebibytes:.0f} MiB"


def between(start: str | None, end: str | None) -> str:
    """The time between two ISO times; empty where one is missing."""
    if not start or not end:
        return ""
    return took((datetime.fromisoformat(end) - datetime.fromisoformat(start)).total_seconds())


def local_time(text: str | None) -> str:
    """An ISO time as a person's clock shows it."""
    return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M:%S") if text else ""


def log_line(line: str, document: str) -> str:
    """A line of a document's log, its time readable, the document's own id left out."""
    stamp, _, rest = line.partition(" ")
    if not stamp.isdigit():
        return line
    rest = rest.removeprefix(document).lstrip("/ ")
    return f"{datetime.fromtimestamp(int(stamp) / 1000, UTC).astimezone():%H:%M:%S} {rest}"


def fields_words(outputs: Mapping[str, Any]) -> str:
    """The fields that `extract` found: `vendor: Acme, total: 12.50`."""
    fields = {name: _mapping(found).get("value") for name, found in _mapping(_fields_of(outputs)).items()}
    return ", ".join(f"{name}: {value}" for name, value in fields.items() if value)


def _fields_of(outputs: Mapping[str, Any]) -> Any:
    return _mapping(outputs.get("extract")).get("fields")


def category_words(outputs: Mapping[str, Any]) -> str:
    """The kind that `classify` chose, with its confidence."""
    kind = _mapping(outputs.get("classify"))
    category, confidence = str(kind.get("category") or ""), kind.get("confidence")
    return f"{category} ({confidence:.0%})" if confidence else category


def summary_words(outputs: Mapping[str, Any]) -> str:
    """The summary; of a pipeline that makes none, its last output."""
    if "summarise" in outputs:
        return str(_mapping(outputs["summarise"]).get("summary") or "")
    return shortened(str(list(outputs.values())[-1])) if outputs else ""


def shortened(text: str) -> str:
    """At most so much as a cell takes."""
    return text if len(text) <= LONGEST_CELL else text[: LONGEST_CELL - 1] + "…"


def coloured(word: str) -> str:
    """A state, in its colour."""
    colour = COLOURS.get(word)
    return f"[{colour}]{word}[/]" if colour else word


def _mapping(value: Any) -> dict[str, Any]:
    """The value, if it is a mapping: another pipeline's step of that name may give anything."""
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _share(step: "StepView") -> float:
    if step.state in {"done", "skipped"}:
        return 1.0
    return ((step.done or 0) + step.failed) / step.total if step.total else 0.0
