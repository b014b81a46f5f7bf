"""Reading results: those that were chosen, oldest first, in bounded memory."""

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, select, true

from orchestrator.results.tables import documents, fields

PAGE = 500
"""Documents that are held at a time."""


@dataclass(frozen=True)
class Chosen:
    """Which documents; all of them where nothing is said.

    Args:
        since: stored then or later.
    """

    categories: Sequence[str] = ()
    status: str | None = None
    since: datetime | None = None
    needs_review: bool = False

    @property
    def condition(self) -> ColumnElement[bool]:
        """In SQL."""
        wanted: list[ColumnElement[bool]] = [true()]
        if self.categories:
            wanted.append(documents.c.category.in_(self.categories))
        if self.status:
            wanted.append(documents.c.status == self.status)
        if self.since:
            wanted.append(documents.c.stored_at >= self.since.astimezone(UTC).replace(tzinfo=None))
        if self.needs_review:
            wanted.append(documents.c.review)
        return and_(*wanted)


@dataclass(frozen=True)
class FieldName:
    """A field that occurs, and whether every value of it is an amount, or a date."""

    name: str
    amounts: bool
    dates: bool


@dataclass(frozen=True)
class Found:
    """A document with its fields by name, as the tables have them."""

    document: Any
    fields: dict[str, Any]


@contextmanager
def reading(engine: Engine) -> Generator[Connection]:
    """A connection that sees one moment, however long it reads."""
    with engine.connect() as connection:
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        else:
            connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


def field_names(connection: Connection, chosen: Chosen) -> list[FieldName]:
    """The fields that the chosen documents have, by name."""
    values, amounts, dates = (func.count(column) for column in (fields.c.value, fields.c.amount, fields.c.date))
    # A field without any value is text: nothing says that it would be more.
    kinds = select(fields.c.name, and_(values > 0, values == amounts), and_(values > 0, values == dates))
    rows = connection.execute(kinds.join(documents).where(chosen.condition).group_by(fields.c.name))
    return sorted((FieldName(name, bool(a), bool(d)) for name, a, d in rows), key=lambda field: field.name)


def pages(connection: Connection, chosen: Chosen) -> Iterator[list[Found]]:
    """The chosen documents, a page at a time."""
    query = select(documents).where(chosen.condition).order_by(documents.c.stored_at, documents.c.id)
    result = connection.execute(query, execution_options={"yield_per": PAGE})
    for page in result.partitions():
        by_id = {document.id: Found(document, {}) for document in page}
        for field in connection.execute(select(fields).where(fields.c.document.in_(by_id))):
            by_id[field.document].fields[field.name] = field
        yield list(by_id.values())
