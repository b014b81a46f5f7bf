"""`docmill status`, `result` and `list`."""

import io
from pathlib import Path

import pytest
from rich.console import Console

from orchestrator.cli.tables import documents
from orchestrator.ids import new_id
from orchestrator.views import view_document
from tests.cli.conftest import Docmill


@pytest.fixture(scope="module")
def document(docmill: Docmill, tmp_path_factory: pytest.TempPathFactory) -> str:
    """One that succeeded."""
    path = tmp_path_factory.mktemp("files") / "three.txt"
    path.write_text("one two three")
    return docmill("process", "--pipeline", "words", path, "--json").json[0]["id"]


def test_status_shows_each_step(docmill: Docmill, document: str) -> None:
    """A row a step, the fan-out with its items."""
    answer = docmill("status", document)
    assert answer.code == 0
    assert all(step in answer.out for step in ("read", "split", "louder 3/3", "count"))
    told = docmill("status", document, "--json").json
    assert [step["state"] for step in told["steps"]] == ["done"] * 4


def test_result_is_the_outputs(docmill: Docmill, document: str) -> None:
    """Of all steps, or of one; a fan-out's is a list."""
    assert docmill("result", document).json["count"] == 3
    assert docmill("result", document, "--step", "louder").json == ["ONE", "TWO", "THREE"]
    assert docmill("result", document, "--step", "nope").code == 3


def test_the_result_of_what_failed_is_its_reason(docmill: Docmill, tmp_path: Path) -> None:
    """Exit code 1, the reason and nothing else."""
    (tmp_path / "empty.txt").touch()
    failed = docmill("process", "--pipeline", "words", tmp_path / "empty.txt", "--json").json[0]["id"]
    answer = docmill("result", failed)
    assert answer.code == 1
    assert answer.err.splitlines() == [f"docmill: {failed} failed: read: empty.txt is empty"]
    assert "empty.txt is empty" in docmill("status", failed).out


def test_list_filters_and_bounds(docmill: Docmill, document: str) -> None:
    """Newest first."""
    assert docmill("list", "--status", "running", "--json").json == []
    assert document in [found["id"] for found in docmill("list", "--status", "succeeded", "--json").json]
    assert len(docmill("list", "--limit", "1", "--json").json) == 1
    assert document in docmill("list").out


def test_list_chooses_by_pipeline(docmill: Docmill, document: str) -> None:
    """Or says that there is none."""
    assert document in docmill("list", "--pipeline", "words").out
    assert docmill("list", "--pipeline", "nosuch").out == "no such document\n"


@pytest.mark.parametrize("width", [72, 80, 100])
def test_an_id_is_never_cut(width: int) -> None:
    """People copy it: also that of a batch's aggregate, in the narrowest terminal that people use."""
    head = {
        "status": "succeeded",
        "pipeline": "words@1",
        "priority": "5",
        "tenant": "acme",
        "submitted": "1795302873833",
    }
    found = view_document(new_id() + ".aggregate", head, {}, {}, {}, [])
    found.error = "a reason of words that take more than one line of such a terminal"
    console = Console(width=width, record=True, file=io.StringIO())
    console.print(documents([found], width))
    told = console.export_text()
    assert found.id in told and "11-2" in told and "…" not in told
    assert ("priority" in told) == (width >= 100)
