"""A result as rows: all of them or none, and the greatest fence wins."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import func, select

from orchestrator.findings import Field
from orchestrator.results.migrating import ready
from orchestrator.results.tables import PARTS, checks, failed_pages
from orchestrator.results.writing import forget, save
from tests.results.making import result, rows


def test_a_result_is_rows_with_typed_values(database: str) -> None:
    """Amounts and dates can be compared; text has no NUL, which PostgreSQL would refuse."""
    engine = ready(database)
    assert save(engine, result(review=["look"]), "file:///r/doc1/7.json")
    head, found = rows(engine)
    assert (head.fence, head.category, head.confidence, head.lang) == (7, "invoice", 0.75, "de")
    assert (head.review, head.reasons, head.status, head.url) == (True, ["look"], "partial", "file:///r/doc1/7.json")
    total = found["total"]
    assert total.value == "1234.50"
    assert total.amount == Decimal("1234.5")
    assert (total.page, total.left, total.bottom, total.evidence) == (1, 100, 220, "1.234,50")
    assert found["date"].date == date(2024, 3, 1)
    assert found["vendor"].value == "Mühle GmbH"
    assert found["number"].value is None
    with engine.connect() as connection:
        assert connection.execute(select(checks.c.says)).scalars().all() == ["1 + 2 is not 4"]
        assert connection.execute(select(failed_pages.c.page)).scalars().all() == [2]


@pytest.mark.parametrize("value", ["NaN", "1e400", "12,50", "9" * 40, "0.1234567"])
def test_what_no_column_can_hold_is_kept_as_text(database: str, value: str) -> None:
    """An amount that is no number, or is beyond all bounds, does not fail the document."""
    engine = ready(database)
    save(engine, result(fields={"total": Field(value, "amount"), "date": Field("2024-13-45", "date")}), "u")
    found = rows(engine)[1]
    assert (found["total"].value, found["total"].amount) == (value, None)
    assert found["date"].date is None


def test_a_late_worker_changes_nothing(database: str) -> None:
    """Neither the document nor any field; the same fence again changes nothing either."""
    engine = ready(database)
    assert save(engine, result(fence=9, fields={"a": Field("new", "text")}), "new")
    for fence in (8, 9):
        assert not save(engine, result(fence=fence, fields={"b": Field("old", "text")}), "old")
    head, found = rows(engine)
    assert (head.fence, head.url) == (9, "new")
    assert {name: field.value for name, field in found.items()} == {"a": "new"}


def test_a_greater_fence_replaces_all_of_it(database: str) -> None:
    """No field of the earlier delivery is left."""
    engine = ready(database)
    save(engine, result(fence=7), "old")
    assert save(engine, result(fence=8, category="letter", fields={"sender": Field("Ann", "text")}), "new")
    head, found = rows(engine)
    assert (head.fence, head.category, list(found)) == (8, "letter", ["sender"])


def test_writers_that_race_leave_the_greatest_fence_whole(database: str) -> None:
    """Whatever the order in which they come: the row and its fields are of one delivery, the last."""
    engine = ready(database)
    fences = [(f * 7) % 41 for f in range(1, 41)]

    def write(fence: int) -> bool:
        own = {f"f{n}": Field(str(fence), "text") for n in range(fence % 5 + 1)}
        return save(engine, result(fence=fence, fields=own), str(fence))

    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(write, fences))
    head, found = rows(engine)
    assert won[fences.index(40)]
    assert (head.fence, head.url) == (40, "40")
    assert {name: field.value for name, field in found.items()} == {"f0": "40"}


def test_a_document_can_be_forgotten(database: str) -> None:
    """With all that belongs to it, and nothing else."""
    engine = ready(database)
    for document in ("doc1", "doc2"):
        save(engine, result(document), "u")
    assert forget(engine, "doc1")
    assert not forget(engine, "doc1")
    with engine.connect() as connection:
        left: list[Any] = [connection.execute(select(func.count()).select_from(table)).scalar() for table in PARTS]
    assert rows(engine)[0] is None
    assert left == [4, 1, 1]
