"""The page for those who come from Celery: its two sides are files, docmill's is not longer, and does what it says."""

import inspect
import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from examples.coming_from_celery import docmill_side
from orchestrator import Client, Context, pipeline, step
from orchestrator.cli.app import app
from orchestrator.settings import Settings
from worker.testing import TestMill
from worker.testing.plugin import docmill_server, mill, mill_settings

__all__ = ["docmill_server", "mill", "mill_settings"]

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "coming-from-celery.md").read_text()
CELERY, DOCMILL = (ROOT / "examples" / "coming_from_celery" / f"{side}_side.py" for side in ("celery", "docmill"))
OWN = "\n".join(re.findall(r"^\| .* \| (.*) \|$", PAGE.partition("## Words and settings")[2], re.MULTILINE))
"""The right column of the table of words."""
OWNERS: dict[str, Any] = {
    "@step": step,
    "@pipeline": pipeline,
    "submit": Client.submit,
    "submit_batch": Client.submit_batch,
}


@pytest.fixture
def shop(mill: TestMill, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The page's own functions, on the mill of this test."""
    monkeypatch.setattr(docmill_side, "client", mill.client)
    monkeypatch.setenv("DOCUMENTS_FOLDER", str(tmp_path))
    mill.use(docmill_side.document, docmill_side.report)
    return tmp_path


def letter(shop: Path, name: str, content: bytes = b"Invoice 7. Total: 12.50\fThank you.") -> str:
    path = shop / f"{name}.txt"
    path.write_bytes(content)
    return str(path)


def code(path: Path) -> list[str]:
    """Its lines that are neither empty nor comments."""
    return [line for line in path.read_text().splitlines() if line.strip() and not line.lstrip().startswith("#")]


def test_the_page_shows_the_files() -> None:
    assert re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL) == [
        CELERY.read_text(),
        DOCMILL.read_text(),
    ]


def test_docmill_takes_no_more_lines() -> None:
    assert len(code(DOCMILL)) <= len(code(CELERY))
    assert sum(map(len, code(DOCMILL))) <= sum(map(len, code(CELERY)))


def test_both_sides_have_the_three_functions() -> None:
    for function in ("process_document(path", "process_batch(paths", "process_urgent(path"):
        assert f"\ndef {function}" in CELERY.read_text() and f"\ndef {function}" in DOCMILL.read_text()


def test_a_batch_with_a_broken_document_and_one_document(shop: Path, mill: TestMill) -> None:
    with mill.worker(docmill_side.document, docmill_side.report, slots="cpu=gpu,cpu"):
        good = [letter(shop, f"good{number}") for number in range(4)]
        batch = docmill_side.process_batch([*good, letter(shop, "broken", b"\xff\xfe")])
        one = mill.wait(docmill_side.process_document(letter(shop, "one")))
        ended = mill.client.wait_batch(batch, timeout=30)
        assert mill.client.result(f"{batch}.aggregate", timeout=30) == {"succeeded": 4, "failed": 1}
    assert (one.status, ended.succeeded, ended.failed) == ("succeeded", 4, 1)
    reports = (shop / "reports.jsonl").read_text().splitlines()
    assert [json.loads(line) for line in reports] == [{"succeeded": 4, "failed": 1}]
    stored = json.loads((shop / "one.json").read_text())
    assert stored == {"kind": "invoice", "fields": {"total": "12.50"}, "summary": "Invoice 7"}


def test_an_urgent_document_passes_those_before_it(shop: Path, mill: TestMill) -> None:
    for number in range(3):
        docmill_side.process_document(letter(shop, f"waits{number}"))
    urgent = docmill_side.process_urgent(letter(shop, "urgent"))
    jobs = mill.run_until_idle()
    assert [job.partition("/")[0] for job in jobs[:8]] == [urgent] * 8
    assert len(jobs) == 32


def test_the_figures_are_those_that_were_measured() -> None:
    measured = json.loads((ROOT / "benchmarks" / "chord.json").read_text())
    lines = [f"| {' | '.join(row)} |" for row in measured["rows"]]
    assert [line for line in lines if line not in PAGE] == []
    assert measured["conditions"] in PAGE


def test_every_option_that_the_table_names_exists() -> None:
    named = re.findall(r"`(@step|@pipeline|submit|submit_batch)\(([a-z_=, ]+)\)", OWN)
    assert len(named) > 15
    for owner, options in named:
        missing = set(re.findall(r"\w+", options)) - set(inspect.signature(OWNERS[owner]).parameters)
        assert not missing, f"{owner} has no {missing}"


def test_every_name_that_the_table_has_exists() -> None:
    assert [name for name in re.findall(r"DOCMILL_(\w+)", OWN) if name.lower() not in Settings.model_fields] == []
    assert [name for name in re.findall(r"`Client\.(\w+)`", OWN) if not hasattr(Client, name)] == []
    assert [name for name in re.findall(r"`ctx\.(\w+)`", OWN) if not hasattr(Context, name)] == []
    commands: Any = get_command(app)
    named = re.findall(r"`docmill (\w+)", OWN)
    assert named and [name for name in named if name not in commands.commands] == []
