"""`docmill status`, `result` and `list`."""

from pathlib import Path

import pytest

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
