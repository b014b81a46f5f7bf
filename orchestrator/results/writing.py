"""Writing a result: all of its rows at once, and only where its fence is greater than that of what is there."""

from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert
from sqlalchemy.dialects import postgresql, sqlite

from orchestrator.findings import Field, Result
from orchestrator.results.tables import PARTS, checks, documents, failed_pages, fields

Row = dict[str, Any]
MOST, PLACES = Decimal(10) ** 18, 6
"""Amounts beyond these are kept as text only: no column of a table file could hold them."""


def save(engine: Engine, result: Result, url: str, pdf: str = "") -> bool:
    """Write a document's rows, or leave those of a greater fence as they are; safe to run again.

    Args:
        url: of the result's file.
        pdf: of the searchable PDF, if there is one.

    Returns:
        Whether they were written.
    """
    with engine.begin() as connection:
        # First of all: it takes the row's lock, so that whoever else writes this document waits for the whole of it.
        if not _upsert(connection, _document_row(result, url, pdf)):
            return False
        for table in PARTS:
            connection.execute(delete(table).where(table.c.document == result.document))
        for table, rows in _parts(result):
            if rows:
                connection.execute(insert(table), rows)
    return True


def forget(engine: Engine, document: str) -> bool:
    """Delete a document's rows; returns whether there were any."""
    with engine.begin() as connection:
        gone = connection.execute(delete(documents).where(documents.c.id == document).returning(documents.c.id))
        return gone.first() is not None


def _upsert(connection: Connection, row: Row) -> bool:
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    new = dialect.insert(documents).values(row)
    changes = {name: new.excluded[name] for name in row if name != "id"}
    newer = new.excluded.fence > documents.c.fence
    statement = new.on_conflict_do_update(index_elements=["id"], set_=changes, where=newer)
    return connection.execute(statement.returning(documents.c.id)).first() is not None


def _document_row(result: Result, url: str, pdf: str) -> Row:
    text, source = result.text, result.source
    return {
        "id": result.document,
        "fence": result.fence,
        "status": "partial" if text.failed_pages else "succeeded",
        "source": _plain(source.name),
        "digest": source.digest,
        "media": source.media,
        "category": _plain(result.category.category),
        "confidence": result.category.confidence,
        "lang": text.lang,
        "pages": text.pages,
        "words": text.words,
        "summary": _plain(result.summary.summary),
        "review": bool(result.review),
        "reasons": [_plain(reason) for reason in result.review],
        "url": url,
        "pdf": pdf,
        "stored_at": datetime.now(UTC).replace(tzinfo=None),
    }


def _parts(result: Result) -> list[tuple[Any, list[Row]]]:
    document = {"document": result.document}
    return [
        (fields, [document | _field_row(name, field) for name, field in result.fields.fields.items()]),
        (
            checks,
            [
                document | {"position": i, "name": _plain(c.name), "holds": c.holds, "says": _plain(c.says)}
                for i, c in enumerate(result.fields.checks)
            ],
        ),
        (failed_pages, [document | {"page": p.page, "error": _plain(p.error)} for p in result.text.failed_pages]),
    ]


def _field_row(name: str, field: Field) -> Row:
    evidence = field.evidence
    left, top, right, bottom = (evidence.box if evidence else None) or (None,) * 4
    return {
        "name": name,
        "kind": field.kind,
        "value": None if field.value is None else _plain(field.value),
        "amount": _amount(field),
        "date": _date(field),
        "confidence": field.confidence,
        "page": evidence.page if evidence else None,
        "left": left,
        "top": top,
        "right": right,
        "bottom": bottom,
        "evidence": _plain(evidence.text) if evidence else None,
    }


def _amount(field: Field) -> Decimal | None:
    try:
        amount = Decimal(field.value or "") if field.kind == "amount" else Decimal("NaN")
    except InvalidOperation:
        return None
    fits = amount.is_finite() and abs(amount) < MOST and amount == round(amount, PLACES)
    return amount if fits else None


def _date(field: Field) -> date | None:
    try:
        return date.fromisoformat(field.value or "") if field.kind == "date" else None
    except ValueError:
        return None


def _plain(text: str) -> str:
    """Without NUL, which PostgreSQL does not take and no reader misses."""
    return text.replace("\0", "")
