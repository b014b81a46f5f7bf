"""Results as the document pipeline makes them."""

from typing import Any

from sqlalchemy import Engine, select

from orchestrator.findings import Category, Check, Evidence, FailedPage, Field, Fields, Result, Summary, Text
from orchestrator.results.tables import documents, fields
from orchestrator.source import Source

ON_PAGE_1 = Evidence(1, "1.234,50", (100, 200, 300, 220))


def result(document: str = "doc1", fence: int = 7, **changed: Any) -> Result:
    """An invoice; `review`, `category`, `fields`, `text` and `name` can be said."""
    found: dict[str, Field] = changed.get("fields") or {
        "total": Field("1234.50", "amount", ON_PAGE_1, 0.9),
        "date": Field("2024-03-01", "date", Evidence(1, "1. März 2024"), 0.8),
        "vendor": Field("Mühle\0 GmbH", "text", Evidence(1, "Mühle GmbH"), 0.7),
        "number": Field(None, "identifier"),
    }
    return Result(
        document,
        fence,
        Source(changed.get("name", "a.pdf"), f"{document}/input/a.pdf", "00ff", 10, "application/pdf"),
        Category(changed.get("category", "invoice"), 0.75),
        Fields(found, [Check("sum", False, "1 + 2 is not 4")], ["number"]),
        Summary("A bill.", 2),
        changed.get("text") or Text("Total 1.234,50", 3, 1, 2, [FailedPage(2, "no light")], "de"),
        changed.get("review", []),
    )


def rows(engine: Engine, document: str = "doc1") -> tuple[Any, dict[str, Any]]:
    """A document's row, and its fields by name."""
    with engine.connect() as connection:
        head = connection.execute(select(documents).where(documents.c.id == document)).first()
        found = connection.execute(select(fields).where(fields.c.document == document)).all()
    return head, {field.name: field for field in found}
