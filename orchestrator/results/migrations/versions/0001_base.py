"""The first tables of results."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make them. Written out, not taken from `tables`: those go on changing, this does not."""
    _documents()
    _fields()
    _part(
        "checks",
        sa.Column("position", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("holds", sa.Boolean, nullable=False),
        sa.Column("says", sa.Text, nullable=False),
    )
    _part(
        "failed_pages",
        sa.Column("page", sa.Integer, nullable=False, autoincrement=False),
        sa.Column("error", sa.Text, nullable=False),
    )


def _documents() -> None:
    op.create_table(
        "documents",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("fence", sa.BigInteger, nullable=False),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("status", "source", "digest", "media", "category")),
        sa.Column("confidence", sa.Float, nullable=False),
        sa.Column("lang", sa.Text, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("words", sa.Integer, nullable=False),
        sa.Column("summary", sa.Text, nullable=False),
        sa.Column("review", sa.Boolean, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("pdf", sa.Text, nullable=False),
        sa.Column("stored_at", sa.DateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_documents"),
    )
    op.create_index("ix_documents_category", "documents", ["category"])
    op.create_index("ix_documents_stored_at", "documents", ["stored_at"])


def _fields() -> None:
    _part(
        "fields",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("value", sa.Text),
        sa.Column("amount", sa.Numeric),
        sa.Column("date", sa.Date),
        sa.Column("confidence", sa.Float, nullable=False),
        *(sa.Column(name, sa.Integer) for name in ("page", "left", "top", "right", "bottom")),
        sa.Column("evidence", sa.Text),
    )
    op.create_index("ix_fields_name", "fields", ["name"])


def _part(table: str, key: sa.Column[Any], *columns: sa.Column[Any]) -> None:
    """A table of what belongs to a document: its key is the document and one more column."""
    op.create_table(
        table,
        sa.Column("document", sa.Text, nullable=False),
        key,
        *columns,
        sa.PrimaryKeyConstraint("document", key.name, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(["document"], ["documents.id"], name=f"fk_{table}_document", ondelete="CASCADE"),
    )
