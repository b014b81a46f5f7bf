"""The result as a file."""

import json
from pathlib import Path

from orchestrator import Finished
from tests.documents.fakes import FakeContext
from worker.steps.notify import notify
from worker.steps.store import store
from worker.steps.types import Category, Fields, Source, Stored, Summary, Text

PARTS = (
    Source("a.pdf", "doc1/input/a.pdf"),
    Text("Total 4", 1, 0, 2),
    Category("invoice", 0.9, {"invoice": 0.9, "letter": 0.1}),
    Fields({"total": "4"}),
    Summary("A bill.", 2),
)


def _store(ctx: FakeContext) -> Stored:
    return store(*PARTS, ctx=ctx)


def test_the_result_is_one_json_file_under_the_fence(ctx: FakeContext) -> None:
    """Its URL is the step's output."""
    stored = _store(ctx)
    assert stored.url.endswith("/results/doc1/7.json")
    result = json.loads(Path(stored.url.removeprefix("file://")).read_text())
    assert result["category"]["category"] == "invoice"
    assert result["text"]["text"] == "Total 4"
    assert result["fence"] == 7


def test_a_late_delivery_leaves_the_winners_file_alone(ctx: FakeContext) -> None:
    """Each writes under its own fence, and no part files remain."""
    first = _store(ctx)
    ctx.fence = 9
    second = _store(ctx)
    folder = Path(first.url.removeprefix("file://")).parent
    assert sorted(path.name for path in folder.iterdir()) == ["7.json", "9.json"]
    assert second.url != first.url


def test_notify_takes_what_a_finish_gives() -> None:
    """One log line; nothing leaves the machine."""
    assert notify(Finished("doc1", "succeeded", "document@1")) is None
