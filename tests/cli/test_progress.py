"""What a person sees while documents are worked on."""

from io import StringIO
from pathlib import Path

import pytest
from rich.console import Console
from rich.progress import Progress, TextColumn

from orchestrator.cli.entries import Entry
from orchestrator.cli.options import Submission
from orchestrator.cli.progress import MOST_BARS, Bars, Lines
from orchestrator.cli.tables import outcomes
from orchestrator.cli.wording import doing, share_done, took
from orchestrator.views import Document, StepView

SUBMISSION = Submission("document", 5, {}, {})


def document(*steps: StepView, status: str = "running", **more: object) -> Document:
    """As it is seen half-way."""
    times = {"submitted_at": "2026-01-01T00:00:00.000Z", "started_at": None, "finished_at": None}
    usual: dict[str, object] = {
        "id": "0-1",
        "pipeline": "document@1",
        "priority": 5,
        "tenant": "default",
        "error": None,
        "outputs": {},
        "log": [],
    }
    return Document(**(times | usual | {"status": status, "steps": list(steps)} | more))  # pyright: ignore[reportArgumentType]


def entry(name: str, seen: Document | None = None, **more: str) -> Entry:
    """One file."""
    return Entry(Path(name), SUBMISSION, id="0-1" if seen else None, document=seen, **more)


def ocr(done: int) -> StepView:
    """A fan-out over twelve pages."""
    return StepView("ocr", "done" if done == 12 else "ready", "gpu", done=done, total=12)


def test_a_bar_names_the_steps_that_run() -> None:
    """A fan-out with its items; steps beside each other both."""
    assert doing(document(StepView("pages", "done"), ocr(3), StepView("join", "waiting"))) == "ocr 3/12"
    assert doing(document(StepView("extract", "leased"), StepView("summarise", "leased"))) == "extract, summarise"
    waits = StepView("classify", "delayed", waits_for="its next try at 12:00")
    assert doing(document(waits)) == "classify: waits for its next try at 12:00"


def test_a_fan_out_counts_by_its_items() -> None:
    """Half of the pages of one of two steps is a quarter."""
    assert share_done(document(ocr(6), StepView("join", "waiting"))) == pytest.approx(0.25)


def test_lines_say_each_thing_once() -> None:
    """However often it is looked at."""
    out = StringIO()
    lines = Lines(Console(file=out, width=200))
    one = entry("a.pdf")
    lines.show(one)
    assert not out.getvalue(), "it is not submitted yet"
    one.id, one.document = "0-1", document(StepView("pages", "leased"))
    for _ in range(3):
        lines.show(one)
    for done in range(13):
        one.document = document(StepView("pages", "done"), ocr(done))
        lines.show(one)
    one.document = document(ocr(12), status="failed", error="classify: the model is gone")
    lines.show(one)
    lines.show(one)
    told = out.getvalue().splitlines()
    assert len(told) == len(set(told))
    assert told[0] == "a.pdf: submitted as 0-1"
    assert "a.pdf: ocr 12/12 done" in told
    assert told[-1] == "a.pdf: failed: classify: the model is gone"


def test_many_documents_have_few_bars() -> None:
    """The others have their turn; each that ends becomes a line."""
    progress = Progress(
        TextColumn("{task.description} {task.fields[doing]}"), console=Console(file=StringIO(), width=120)
    )
    bars, entries = Bars(progress, 40), [entry(f"{i}.pdf", document(ocr(1))) for i in range(40)]
    for one in entries:
        bars.show(one)
    assert len(progress.tasks) == MOST_BARS + 1
    for one in entries[:5]:
        one.document = document(ocr(12), status="succeeded")
    for one in entries:
        bars.show(one)
    assert len(progress.tasks) == MOST_BARS + 1
    assert progress.tasks[0].completed == 5


def test_the_table_has_what_came_out_or_why_not() -> None:
    """File, category, fields, summary, time."""
    outputs = {
        "classify": {"category": "invoice", "confidence": 0.93},
        "extract": {"fields": {"vendor": {"value": "Acme [Ltd]"}, "total": {"value": None}}},
        "summarise": {"summary": "An invoice."},
    }
    good = document(status="succeeded", outputs=outputs, finished_at="2026-01-01T00:00:02.500Z")
    out = StringIO()
    Console(file=out, width=140).print(outcomes([entry("a.pdf", good), entry("b.pdf", error="no such file")]))
    rows = [line for line in out.getvalue().splitlines() if ".pdf" in line]
    assert [cell.strip() for cell in rows[0].strip("│").split("│")] == [
        "a.pdf",
        "invoice (93%)",
        "vendor: Acme [Ltd]",
        "An invoice.",
        "2.5 s",
    ]
    assert "failed" in rows[1]
    assert "no such file" in rows[1]


def test_durations_are_readable() -> None:
    """Seconds, then minutes."""
    assert [took(None), took(2.54), took(75)] == ["", "2.5 s", "1 min 15 s"]
