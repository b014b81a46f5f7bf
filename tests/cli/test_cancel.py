"""`docmill cancel`, and deadlines: how documents end that nobody wants any more."""

from pathlib import Path

import pytest

from tests.cli.conftest import Docmill

WHY = "the customer called: it was the wrong file, and sänt twice, by mistake, on a Friday afternoon"
"""Longer than a document's field for its error, with a letter of two bytes."""


@pytest.fixture
def waiting(docmill: Docmill, text_file: Path) -> str:
    """A document that waits: no worker runs."""
    docmill("down", "--wait", "0")
    return docmill("submit", "--pipeline", "words", text_file, "--json").json[0]["id"]


def test_a_waiting_document(docmill: Docmill, waiting: str) -> None:
    """It says so; again it says the same; its status tells why, once."""
    for _ in range(2):
        answer = docmill("cancel", waiting, "--why", WHY)
        assert (answer.code, answer.out) == (0, f"{waiting}: cancelled\n"), answer.err
    told = docmill("status", waiting).out
    assert told.startswith(f"{waiting} cancelled after ")
    assert told.count(WHY) == 1
    assert told.splitlines()[-1].endswith(f" cancelled: {WHY}")
    assert waiting in docmill("list", "--status", "cancelled").out


def test_several_each_with_its_own_end(docmill: Docmill, waiting: str, text_file: Path) -> None:
    """1 where one had ended otherwise, 3 where one is unknown; the others are cancelled all the same."""
    done = docmill("process", "--pipeline", "words", text_file, "--json").json[0]["id"]
    answer = docmill("cancel", done, waiting)
    assert answer.code == 1
    assert answer.out.splitlines()[0] == f"{done}: had already succeeded"
    answer = docmill("cancel", "0-abc", done, waiting, waiting, "--json")
    assert answer.code == 3
    unknown, ended, *rest = answer.json
    assert unknown == {"id": "0-abc", "cancelled": False, "status": None, "text": "unknown document"}
    assert ended == {"id": done, "cancelled": False, "status": "succeeded", "text": "had already succeeded"}
    assert [one["id"] for one in rest] == [waiting], "an id that is named twice is told once"


def test_an_id_that_is_none(docmill: Docmill, waiting: str) -> None:
    """One line, and nothing is cancelled."""
    answer = docmill("cancel", waiting, "no id")
    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("docmill: 'no id' is not a document's id") and answer.err.count("\n") == 1
    assert docmill("status", waiting, "--json").json["status"] == "queued"


def test_a_deadline(docmill: Docmill, waiting: str, text_file: Path) -> None:
    """A document that has not ended by then fails, and says so."""
    answer = docmill("process", "--pipeline", "words", text_file, "--lane", "read=gpu", "--deadline", "0.5", "--json")
    assert answer.code == 1
    assert (answer.json[0]["status"], answer.json[0]["error"]) == ("failed", "Deadline")
    assert "it had not ended when its deadline came" in docmill("status", answer.json[0]["id"]).out


@pytest.mark.parametrize("deadline", ["0", "-3", "nan"])
def test_a_deadline_that_cannot_be(docmill: Docmill, text_file: Path, deadline: str) -> None:
    """One line, before anything is stored."""
    answer = docmill("submit", "--pipeline", "words", text_file, "--deadline", deadline)
    assert answer.code == 2
    assert answer.err.startswith(f"docmill: deadline {deadline} is not possible")
