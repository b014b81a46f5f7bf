"""The tables of results: one row a document, one a field, and what failed or does not add up."""

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

Amount = Numeric().with_variant(Numeric(asdecimal=False), "sqlite")
"""Exact in PostgreSQL; SQLite has no decimals, and `value` is exact everywhere."""


def _document() -> Column[str]:
    """The first column of whatever belongs to a document, and goes with it."""
    return Column("document", Text, ForeignKey("documents.id", ondelete="CASCADE"), primary_key=True)


documents = Table(
    "documents",
    metadata,
    Column("id", Text, primary_key=True),
    Column("fence", BigInteger, nullable=False),
    Column("status", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("digest", Text, nullable=False),
    Column("media", Text, nullable=False),
    Column("category", Text, nullable=False, index=True),
    Column("confidence", Float, nullable=False),
    Column("lang", Text, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("words", Integer, nullable=False),
    Column("summary", Text, nullable=False),
    Column("review", Boolean, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("url", Text, nullable=False),
    Column("pdf", Text, nullable=False),
    Column("stored_at", DateTime, nullable=False, index=True),
)
"""`stored_at` is UTC; `status` is that of the result: `partial` where pages failed."""

fields = Table(
    "fields",
    metadata,
    _document(),
    Column("name", Text, primary_key=True, index=True),
    Column("kind", Text, nullable=False),
    Column("value", Text),
    Column("amount", Amount),
    Column("date", Date),
    Column("confidence", Float, nullable=False),
    Column("page", Integer),
    Column("left", Integer),
    Column("top", Integer),
    Column("right", Integer),
    Column("bottom", Integer),
    Column("evidence", Text),
)
"""`value` as in the result; `amount` and `date` are the same, typed, where the kind says so; boxes in thousandths."""

checks = Table(
    "checks",
    metadata,
    _document(),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, nullable=False),
    Column("holds", Boolean, nullable=False),
    Column("says", Text, nullable=False),
)

failed_pages = Table(
    "failed_pages",
    metadata,
    _document(),
    Column("page", Integer, primary_key=True, autoincrement=False),
    Column("error", Text, nullable=False),
)

PARTS = (fields, checks, failed_pages)
"""What is replaced with a document."""
