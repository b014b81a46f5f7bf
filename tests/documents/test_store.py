"""The result as a file, as rows, and as reasons to look at it."""

import json
from pathlib import Path
from typing import Any

import pytest

from orchestrator.errors import MissingPart, Unavailable
from orchestrator.findings import Category, Check, FailedPage, Field, Fields, Stored, Summary, Text
from orchestrator.results.database import database_url
from orchestrator.results.migrating import ready
from orchestrator.settings import Settings
from orchestrator.source import Source
from tests.documents.fakes import FakeContext
from tests.results.making import rows
from worker.steps.store import store

PARTS: dict[str, Any] = {
    "source": Source("a.pdf", "doc1/input/a.pdf"),
    "text": Text("Total 4", 1, 0, 2),
    "kind": Category("invoice", 0.99, {"invoice": 0.99, "letter": 0.01}),
    "fields": Fields({"total": Field("4", "amount")}),
    "summary": Summary("A bill.", 2),
    "pages": [],
}


def _store(ctx: FakeContext, **parts: Any) -> Stored:
    return store(**(PARTS | parts), ctx=ctx)


def test_the_result_is_one_json_file_under_the_fence(ctx: FakeContext) -> None:
    """Its URL is the step's output."""
    stored = _store(ctx)
    assert stored.url.endswith("/results/doc1/7.json")
    result = json.loads(Path(stored.url.removeprefix("file://")).read_text())
    assert result["category"]["category"] == "invoice"
    assert result["text"]["text"] == "Total 4"
    assert result["fence"] == 7


def test_and_rows_of_the_database_in_the_data_folder(ctx: FakeContext) -> None:
    """The output names it."""
    stored = _store(ctx)
    assert stored.table == f"sqlite:///{ctx.settings.data_dir}/results.db"
    head, found = rows(ready(stored.table))
    assert (head.url, head.status, head.review) == (stored.url, "succeeded", False)
    assert found["total"].amount == 4


def test_a_late_delivery_leaves_the_winners_file_and_rows_alone(ctx: FakeContext) -> None:
    """Each writes a file under its own fence, and no part files remain; the rows are the greatest fence's."""
    ctx.fence = 9
    winner = _store(ctx)
    ctx.fence = 7
    late = _store(ctx, kind=Category("letter", 0.99))
    folder = Path(late.url.removeprefix("file://")).parent
    assert sorted(path.name for path in folder.iterdir()) == ["7.json", "9.json"]
    head, _ = rows(ready(winner.table))
    assert (head.fence, head.category, head.url) == (9, "invoice", winner.url)


def test_a_database_that_is_down_is_waited_for(tmp_path: Path) -> None:
    """Nothing is written meanwhile: each try would leave a file of its own."""
    ctx = FakeContext(Settings(data_dir=tmp_path / "data", results_db="postgresql://u:secret@127.0.0.1:1/x"))
    with pytest.raises(Unavailable, match=r"u:\*\*\*@127.0.0.1:1/x cannot be used now"):
        _store(ctx)
    assert not (tmp_path / "data" / "results").exists()


def test_without_a_database_there_is_the_file(tmp_path: Path) -> None:
    """`off` is off."""
    ctx = FakeContext(Settings(data_dir=tmp_path / "data", results_db="off"))
    assert database_url(ctx.settings) is None
    assert _store(ctx).table == ""
    assert not (tmp_path / "data" / "results.db").exists()


def test_every_reason_to_look_is_told(ctx: FakeContext) -> None:
    """In the output, in the file and in the row."""
    checks = [Check("total", False, "1.00 + 2.00 is not 4.00"), Check("dates", True, "fine")]
    stored = _store(
        ctx,
        text=Text("Total 4", 40, 0, 2, [FailedPage(page, "no") for page in range(3, 15)]),
        kind=Category("invoice", 0.1, {"invoice": 0.1, "letter": 0.09}),
        fields=Fields({"total": Field(None, "amount")}, checks, ["total", "date"], truncated=True),
        summary=Summary("", 0, read=0.4),
    )
    low, *others = stored.review
    assert "0.1" in low or "10%" in low
    assert others == [
        "12 of 40 pages could not be read: 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 and 2 more",
        "required fields are missing: total, date",
        "the fields were looked for in a part of the text only",
        "total does not hold: 1.00 + 2.00 is not 4.00",
        "there is no summary: nothing of it could be found in the text",
        "the summary was made from 40% of the text",
    ]
    assert json.loads(Path(stored.url.removeprefix("file://")).read_text())["review"] == stored.review
    head, _ = rows(ready(stored.table))
    assert (head.review, head.reasons, head.status) == (True, stored.review, "partial")
    assert ctx.flags == {"needs_review": "; ".join(stored.review)}, "and the document is listed so"


def test_an_object_stores_missing_client_is_named(tmp_path: Path) -> None:
    """With the extra that has it."""
    ctx = FakeContext(Settings(data_dir=tmp_path / "data", results_url="gs://bucket/results"))
    with pytest.raises(MissingPart, match="DOCMILL_RESULTS_URL needs a package"):
        _store(ctx)
