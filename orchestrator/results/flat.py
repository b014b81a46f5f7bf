"""A result as one row of a table: the document's own columns, then one a field, with its evidence where that is asked for."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date
from decimal import Decimal
from typing import Any, Literal

from orchestrator.results.reading import FieldName, Found

Kind = Literal["text", "number", "whole", "amount", "date", "moment", "flag"]
Row = list[Any]


@dataclass(frozen=True)
class Column:
    """One column.

    Args:
        kind: of its values, each of which may also be None.
        value: takes it from what was found.
    """

    title: str
    kind: Kind
    value: Callable[[Found], Any]


def _own(title: str, kind: Kind = "text", name: str = "") -> Column:
    return Column(title, kind, lambda found: getattr(found.document, name or title))


OWN = [
    _own("document", name="id"),
    _own("source"),
    _own("status"),
    _own("category"),
    _own("confidence", "number"),
    _own("review", "flag"),
    Column("reasons", "text", lambda found: "; ".join(found.document.reasons)),
    _own("lang"),
    _own("pages", "whole"),
    Column("stored_at", "moment", lambda found: found.document.stored_at.replace(tzinfo=UTC)),
]
TITLES = frozenset(column.title for column in OWN)


def columns_for(names: Sequence[FieldName], *, evidence: bool) -> list[Column]:
    """The columns of a table of documents that have these fields.

    Args:
        evidence: also where each value stands, and its confidence: four more columns a field.
    """
    return [*OWN, *(column for name in names for column in _of_field(name, evidence))]


def _of_field(field: FieldName, evidence: bool) -> list[Column]:
    name, title = field.name, f"field_{field.name}" if field.name in TITLES else field.name
    made = [_typed(field, title)]
    if evidence:
        made += [
            Column(f"{title}.page", "whole", lambda found: _of(found, name, "page")),
            Column(f"{title}.box", "text", lambda found: _box(found.fields.get(name))),
            Column(f"{title}.text", "text", lambda found: _of(found, name, "evidence")),
            Column(f"{title}.confidence", "number", lambda found: _of(found, name, "confidence")),
        ]
    return made


def _typed(field: FieldName, title: str) -> Column:
    """Amounts and dates are made from the text, which is exact in every database."""
    kind: Kind = "amount" if field.amounts else "date" if field.dates else "text"
    read: Callable[[str], Any] = Decimal if field.amounts else date.fromisoformat if field.dates else str

    def value(found: Found) -> Any:
        text = _of(found, field.name, "value")
        return None if text is None else read(text)

    return Column(title, kind, value)


def _of(found: Found, name: str, column: str) -> Any:
    return getattr(found.fields.get(name), column, None)


def _box(field: Any) -> str | None:
    """Left, top, right, bottom."""
    if field is None or field.left is None:
        return None
    return f"{field.left} {field.top} {field.right} {field.bottom}"
