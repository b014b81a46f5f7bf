"""`docmill batch`."""

import io
import shlex
import signal
import subprocess
import sys
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from orchestrator.batches.filling import CHUNK
from orchestrator.batches.lines import Line
from orchestrator.cli.batch import opening
from orchestrator.ids import new_id
from tests.cli.conftest import ROOT, Inside


@pytest.fixture
def lines(tmp_path: Path) -> Path:
    """Five lines: one fails, one is no document."""
    path = tmp_path / "in.jsonl"
    path.write_text('{"text": "a"}\n{"text": "fail"}\n{"no": 1}\n{"parameters": {"text": "b"}}\n{"text": "c"}\n')
    return path


def run_beside(inside: Inside) -> Thread:
    """Run all there is, while a command waits for it."""
    thread = Thread(target=inside.mill.run_until_idle)
    thread.start()
    return thread


def submitted(inside: Inside, lines: Path, *more: str) -> str:
    answer = inside("batch", "submit", lines, "--pipeline", "obeying", "--json", *more)
    return answer.json["id"]


def test_submitted_its_id_comes_first(inside: Inside, lines: Path) -> None:
    answer = inside("batch", "submit", lines, "--pipeline", "obeying", "--name", "May's", "--param", "times=2")
    first, second, *_, last = answer.out.splitlines()
    identity = first.removeprefix("batch ")
    assert second == f"{identity} May's closed"
    assert last.startswith("  line 3: Object contains unknown field `no`")
    assert answer.code == 1, "one line was refused"
    command = f"docmill batch submit {lines} --pipeline obeying --name 'May'\"'\"'s' --param times=2 --batch {identity}"
    assert f"if this is interrupted, go on with: {command}\n" in answer.err
    assert "lines: 5 of 5" in answer.err
    assert inside.mill.client.parameters(f"{identity}.00001") == {"text": "a", "times": 2}
    assert inside("batch", "submit", lines, "--pipeline", "obeying", "--json", "--param", "no=2").code == 2


def test_waited_for_with_its_aggregate(inside: Inside, lines: Path) -> None:
    identity = submitted(inside, lines, "--aggregate", "telling", "--given", "limit=2")
    beside = run_beside(inside)
    answer = inside("batch", "wait", identity, "--timeout", "30")
    beside.join()
    assert answer.code == 1, "one failed, one was refused"
    told = answer.out
    for words in (
        f"{identity} ended after",
        "4 documents: 3 succeeded, 1 failed",
        "1 line refused:",
        f"aggregate {identity}.aggregate: succeeded",
        '[{"line":1,"status":"succeeded","error":null,"output":"a"},{"line":2,"status":"failed"',
    ):
        assert words in told
    assert "documents: 4 of 4, 3 succeeded, 1 failed" in answer.err
    found = inside("batch", "status", identity, "--json").json
    assert (found["aggregate"]["status"], len(found["aggregate"]["result"])) == ("succeeded", 2)
    assert found["refused_lines"]["3"].startswith("Object contains unknown field")
    inside("delete", f"{identity}.aggregate", "--yes")
    assert f"aggregate {identity}.aggregate: purged\n" in inside("batch", "status", identity).out


def test_all_well_and_not_in_time(inside: Inside, tmp_path: Path) -> None:
    path = tmp_path / "one.jsonl"
    path.write_text('{"text": "a"}')
    late = inside("batch", "submit", path, "--pipeline", "obeying", "--wait", "--timeout", "0.1", "--json")
    assert (late.code, late.json["error"]) == (4, "1 of 1 documents have not ended after 0.1 s; they go on")
    beside = run_beside(inside)
    (found,) = inside("batch", "list", "--json").json
    assert inside("batch", "wait", found["id"]).code == 0
    beside.join()
    assert inside("batch", "wait", new_id()).code == 3


def test_what_was_killed_half_way_is_gone_on_with(inside: Inside, tmp_path: Path) -> None:
    path = tmp_path / "many.jsonl"
    path.write_text("".join(f'{{"text": "{n}"}}\n' for n in range(3 * CHUNK)))
    program = [str(Path(sys.executable).with_name("docmill")), "batch", "submit", str(path), "--pipeline", "obeying"]
    environment = {**inside.environment, "DOCMILL_FAILPOINTS": "batch.chunk=kill@2"}
    killed = subprocess.run(program, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    identity = killed.stdout.split()[1]
    command = killed.stderr.partition("go on with: ")[2].splitlines()[0]
    assert inside("batch", "status", identity, "--json").json["documents"] == 2 * CHUNK
    inside.mill.run_until_idle()
    answer = inside(*shlex.split(command)[1:])
    assert (answer.code, f"{3 * CHUNK} documents: {CHUNK} queued, {2 * CHUNK} succeeded" in answer.out) == (0, True)
    assert inside(*shlex.split(command)[1:]).err.endswith("takes no more lines: it is closed\n")


def test_results_are_lines_in_order(inside: Inside, lines: Path, tmp_path: Path) -> None:
    identity = submitted(inside, lines)
    inside.mill.run_until_idle()
    found: list[dict[str, Any]] = [
        msgspec.json.decode(line) for line in inside("batch", "results", identity).out.splitlines()
    ]
    assert [one["line"] for one in found] == [1, 2, 3, 4, 5]
    whole = {"line": 1, "document": f"{identity}.00001", "status": "succeeded"}
    assert found[0] == whole | {"error": None, "output": "a", "custom_id": None}
    assert found[1]["error"] == "obey: as it was told"
    some = inside("batch", "results", identity, "--status", "failed", "--status", "refused", "--json").json
    assert [one["line"] for one in some] == [2, 3]
    written = tmp_path / "out.jsonl"
    assert inside("batch", "results", identity, "-o", written, "--json").json == {"file": str(written), "outcomes": 5}
    assert [msgspec.json.decode(line) for line in written.read_bytes().splitlines()] == found
    assert inside("batch", "results", identity, "--status", "cancelled", "--json").json == []
    unknown = inside("batch", "results", new_id(), "-o", tmp_path / "none.jsonl")
    assert (unknown.code, (tmp_path / "none.jsonl").exists()) == (3, False)
    assert "use one of queued" in inside("batch", "results", identity, "--status", "lost").err


def test_cancelled(inside: Inside, lines: Path) -> None:
    identity = submitted(inside, lines, "--name", "wrong")
    assert "wrong" in inside("batch", "list").out
    assert "too few of its documents have ended" in inside("batch", "status", identity).out
    answer = inside("batch", "cancel", identity, "--why", "by mistake")
    assert (answer.code, "4 documents: 4 cancelled" in answer.out) == (0, True)
    assert inside.mill.get(f"{identity}.00001").error == "by mistake"
    other = submitted(inside, lines)
    inside.mill.run_until_idle()
    assert inside("batch", "cancel", other).code == 1, "it had ended by itself"


def test_files_are_a_document_each(inside: Inside, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("a.txt", "b.txt")]
    for path in paths:
        path.write_text(path.name)
    identity = inside("batch", "submit", *paths, "--pipeline", "reading", "--json").json["id"]
    inside.mill.run_until_idle()
    found = inside("batch", "results", identity, "--json").json
    assert [one["output"] for one in found] == ["a.txt: a.txt", "b.txt: b.txt"]
    assert "takes no file" in inside("batch", "submit", *paths, "--pipeline", "obeying").err


def test_lines_of_standard_input(inside: Inside, monkeypatch: pytest.MonkeyPatch) -> None:
    def given(text: bytes) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(text)))

    given(b'{"text": "a"}\n{"text": "b"}')
    assert inside("batch", "submit", "-", "--pipeline", "obeying", "--json").json["documents"] == 2
    given(b"\n" * 50_001)
    answer = inside("batch", "submit", "-", "--pipeline", "obeying")
    assert (answer.code, "a batch may have 50000 lines" in answer.err) == (2, True)


def test_what_cannot_be_is_said_before_anything_is_written(inside: Inside, lines: Path, tmp_path: Path) -> None:
    many, empty = tmp_path / "many.jsonl", tmp_path / "empty.jsonl"
    many.write_bytes(b"{}\n" * 50_001)
    empty.touch()
    for words, told in (
        ((many,), "a batch may have 50000 lines: split it"),
        ((empty,), "there are no lines"),
        ((tmp_path / "gone.jsonl",), "cannot be read"),
        ((lines, many), "is a list of lines: give it alone"),
        ((lines, "--given", "limit"), "--given 'limit' must be NAME=JSON"),
        ((lines, "--given", "limit=1"), "--given does nothing without --aggregate"),
        ((lines, "--timeout", "1"), "--timeout does nothing without --wait"),
        ((lines, "--aggregate", "obeying"), "cannot be an aggregate"),
        ((lines, "--priority", "11"), "priority 11"),
        ((lines, "--batch", "x"), "not a document's id"),
    ):
        answer = inside("batch", "submit", "--pipeline", "obeying", *words)
        assert (answer.code, told in answer.err, answer.out) == (2, True, ""), answer.err
    assert inside("batch", "submit", lines, "--pipeline", "nosuch").code == 3
    assert inside("batch", "list", "--json").json == []
    assert inside("batch", "list").out == "there is no batch: docmill batch submit\n"


def test_lines_are_not_read_before_they_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "large.jsonl"
    path.write_bytes(b'{"text": "a"}\n' * 50_000)
    with opening.opened([path], {"times": 2}) as found:
        assert found.total == 50_000
        assert next(found.each) == Line({"times": 2}, None, "a")
        assert not isinstance(found.each, list)
