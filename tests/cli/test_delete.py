"""`docmill delete` and `purge`."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.ids import new_id
from tests.batches.pipelines import keeping, obeying
from tests.batches.test_deleting import traces
from tests.cli.conftest import ROOT, Inside


@pytest.fixture
def done(inside: Inside) -> list[str]:
    """Two that succeeded, one that failed, one that waits."""
    found = [
        inside.mill.submit(pipeline, text=text)
        for pipeline, text in ((obeying, "a"), (keeping, "b"), (obeying, "fail"))
    ]
    inside.mill.run_until_idle()
    return [*found, inside.mill.submit(obeying, text="c")]


def left(inside: Inside) -> set[str]:
    return {one["id"] for one in inside("list", "--json").json}


def test_what_is_deleted_is_asked_for_first(inside: Inside, done: list[str]) -> None:
    refused = inside("delete", done[1])
    assert (refused.code, refused.err) == (
        2,
        f"docmill: delete {done[1]} with all results? That cannot be undone: say so with --yes\n",
    )
    assert len(left(inside)) == 4
    unknown = new_id()
    answer = inside("delete", done[1], done[3], unknown, "--yes")
    assert answer.code == 3
    assert answer.out == f"{done[1]}: deleted\n{done[3]}: deleted\n{unknown}: unknown document\n"
    assert traces(inside.mill, done[1]) == []
    assert left(inside) == {done[0], done[2]}
    assert inside("delete", done[0], "--yes", "--json").json["deleted"] == [done[0]]


@pytest.mark.parametrize(("said", "code"), [("y", 0), ("n", 130)])
def test_on_a_terminal_somebody_is_asked(inside: Inside, done: list[str], said: str, code: int) -> None:
    program = [str(Path(sys.executable).with_name("docmill")), "delete", done[0]]
    terminal, end = pty.openpty()
    with subprocess.Popen(program, cwd=ROOT, env=inside.environment, stdin=end, stdout=-1, stderr=-1) as process:
        os.write(terminal, f"{said}\n".encode())
        _, asked = process.communicate(timeout=30)
    os.close(terminal)
    os.close(end)
    assert (process.returncode, b"That cannot be undone" in asked) == (code, True)
    assert (done[0] in left(inside)) == (said == "n")


def test_a_kind_is_counted_and_purged(inside: Inside, done: list[str]) -> None:
    assert inside("purge", "--status", "failed", "--dry-run").out == "1 document would be deleted\n"
    assert inside("purge", "--pipeline", "obeying", "--dry-run", "--json").json == {
        "dry_run": True,
        "documents": 2,
        "cached": 0,
    }
    assert inside("purge", "--before", "1h", "--yes", "--json").json["documents"] == 0, "they were submitted just now"
    refused = inside("purge", "--status", "failed")
    assert (refused.code, "delete 1 document with all results? That cannot be undone" in refused.err) == (2, True)
    assert len(left(inside)) == 4
    assert inside("purge", "--pipeline", "obeying", "--yes").out == "2 documents deleted\n"
    assert left(inside) == {done[1], done[3]}, "what waits has not ended"
    assert inside("purge", "--before", "0s", "--yes").out == "1 document deleted\n"
    assert traces(inside.mill, done[1]) == []


def test_the_cache_is_emptied(inside: Inside, done: list[str]) -> None:
    assert inside("purge", "--cache", "--dry-run").out == "1 cached result would be deleted\n"
    assert inside("purge", "--cache").code == 2
    assert inside("purge", "--cache", "--yes", "--json").json == {"dry_run": False, "documents": 0, "cached": 1}
    assert inside("purge", "--cache", "--dry-run").out == "0 cached results would be deleted\n"
    assert left(inside) == set(done)


def test_nothing_is_purged_by_chance(inside: Inside, done: list[str]) -> None:
    for words, told in (
        ((), "say which documents"),
        (("--status", "running"), "only what has ended is purged"),
        (("--before", "soon"), "give a time ago"),
    ):
        answer = inside("purge", *words, "--yes")
        assert (answer.code, told in answer.err) == (2, True)
    assert left(inside) == set(done)
