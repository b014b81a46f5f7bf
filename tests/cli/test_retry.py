"""`docmill retry`: one by one, or all of a kind."""

from pathlib import Path

import pytest

from tests.cli.conftest import Docmill


@pytest.fixture
def cancelled(docmill: Docmill, text_file: Path) -> str:
    """A document that someone ended before it began."""
    docmill("down", "--wait", "0")
    document = docmill("submit", "--pipeline", "words", text_file, "--json").json[0]["id"]
    docmill("cancel", document)
    return document


def test_by_id(docmill: Docmill, cancelled: str) -> None:
    """It is queued again; a second time it says that it has not ended."""
    assert docmill("retry", cancelled).out.splitlines()[0] == f"{cancelled}: revived"
    assert docmill("status", cancelled, "--json").json["status"] == "queued"
    again = docmill("retry", cancelled)
    assert again.code == 1
    assert "has not ended: queued" in again.out


def test_all_of_a_kind_after_a_look_at_how_many(docmill: Docmill, cancelled: str) -> None:
    """The dry run names the count and changes nothing."""
    told = docmill("retry", "--status", "cancelled", "--since", "1h", "--dry-run", "--json").json
    assert cancelled in told["documents"]
    assert told["count"] == len(told["documents"])
    assert docmill("status", cancelled, "--json").json["status"] == "cancelled"
    assert docmill("retry", "--status", "cancelled", "--pipeline", "nosuch").out == "no such document\n"
    assert docmill("retry", "--status", "cancelled", "--error", "nosuch word").out == "no such document\n"
    done = docmill("retry", "--status", "cancelled", "--pipeline", "words", "--json")
    assert (done.code, done.json["documents"][cancelled]) == (0, "revived")
    assert docmill("list", "--status", "cancelled", "--json").json == []


def test_what_cannot_be_meant_is_refused(docmill: Docmill, cancelled: str) -> None:
    """With what can."""
    assert "not both" in docmill("retry").err
    assert "not both" in docmill("retry", cancelled, "--status", "failed").err
    assert "only failed, partial, cancelled" in docmill("retry", "--status", "running").err
    for since in ("yesterday", "99999999999w", "9999999w"):
        assert "give a time ago (90m, 2h, 3d)" in docmill("retry", "--since", since).err
    assert docmill("retry", "0-abc").code == 3
