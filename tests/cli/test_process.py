"""`docmill process` and `submit`: from files to results, whatever the files are."""

import os
import signal
from pathlib import Path

import msgspec
import pytest
from redis import Redis

from orchestrator.embedded.folder import Folder
from orchestrator.embedded.program import Program
from tests.cli.conftest import Docmill

FIELDS = {"id", "status", "pipeline", "priority", "submitted_at", "finished_at", "steps", "outputs", "error"}


@pytest.fixture
def files(tmp_path: Path, text_file: Path) -> list[Path]:
    """One that is good, and all that is wrong with files."""
    (tmp_path / "empty.txt").touch()
    return [text_file, tmp_path / "empty.txt", tmp_path / "missing.txt", tmp_path]


def test_it_starts_what_is_missing_and_shows_what_came_out(docmill: Docmill, text_file: Path) -> None:
    """Nothing runs before; the table has a row for the file."""
    answer = docmill("process", "--pipeline", "words", text_file, "--param", "times=2")
    assert answer.code == 0, answer.err
    assert "three.txt" in answer.out
    assert "6" in answer.out
    assert "three.txt: louder 3/3 done" in answer.err


def test_a_pipe_gets_no_bars_and_no_colours(docmill: Docmill, text_file: Path) -> None:
    """One line an event, on stderr."""
    answer = docmill("process", "--pipeline", "words", text_file)
    assert "\x1b" not in answer.out + answer.err
    assert answer.err.splitlines()[-1].startswith("three.txt: succeeded")


def test_bad_files_fail_with_a_reason_and_the_others_go_on(docmill: Docmill, files: list[Path]) -> None:
    """Exit code 1, and each file says what happened to it."""
    answer = docmill("process", "--pipeline", "words", *files, "--json")
    assert answer.code == 1
    good, empty, missing, folder = answer.json
    assert all(set(row) >= FIELDS | {"file"} for row in answer.json)
    assert (good["status"], good["outputs"]["count"]) == ("succeeded", 3)
    assert (empty["status"], empty["error"]) == ("failed", "read: empty.txt is empty")
    assert (missing["id"], missing["status"], missing["error"]) == (None, "failed", "no such file")
    assert (folder["status"], folder["error"]) == ("failed", "cannot be read: Is a directory")


def test_submit_answers_at_once_and_can_wait(docmill: Docmill, text_file: Path) -> None:
    """Without --wait it answers with an id; with it, with the end."""
    assert docmill("up", "--no-api").code == 0
    quick = docmill("submit", "--pipeline", "words", text_file, "-p", "9", "--json")
    assert quick.code == 0
    assert quick.json[0]["priority"] == 9
    waited = docmill("submit", "--pipeline", "words", text_file, "--wait", "--json")
    assert (waited.code, waited.json[0]["status"]) == (0, "succeeded")
    assert docmill("result", quick.json[0]["id"], "--wait", "30").code == 0


def test_a_killed_valkey_is_started_again_and_nothing_is_lost(docmill: Docmill, text_file: Path) -> None:
    """kill -9 of the private server: the next command finds everything that was accepted."""
    assert docmill("up", "--no-api").code == 0
    submitted = docmill("submit", "--pipeline", "words", text_file, "--json").json[0]["id"]
    record = Program(Folder.of(docmill.data_dir), "valkey").record
    assert record is not None
    server = Redis(unix_socket_path=record.socket)
    server.execute_command("WAITAOF", 1, 0, 0)  # pyright: ignore[reportUnknownMemberType]
    os.kill(record.pid, signal.SIGKILL)
    answer = docmill("result", submitted, "--wait", "30", "--json")
    assert (answer.code, answer.json["count"]) == (0, 3), answer.err


def test_an_interrupted_process_says_how_to_go_on(docmill: Docmill, text_file: Path) -> None:
    """Ctrl-C ends the watching, not the work."""
    process = docmill.start("process", "--pipeline", "words", text_file, "--lane", "read=gpu")
    assert process.stderr is not None
    told = process.stderr.readline()
    document = told.rpartition(" ")[2].strip()
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert "docmill status" in err
    assert "Traceback" not in out + err
    status = docmill("status", document, "--json").json
    assert status["steps"][0]["waits_for"] == "a worker that serves lane gpu: none is alive"


def test_a_process_outlives_a_killed_valkey(docmill: Docmill, text_file: Path) -> None:
    """It starts the server again, the document goes on, and the exit code is 0."""
    process = docmill.start("process", "--pipeline", "words", text_file, "--lane", "read=gpu")
    assert process.stderr is not None
    assert "submitted as" in process.stderr.readline()
    valkey = Program(Folder.of(docmill.data_dir), "valkey")
    killed = valkey.record
    assert killed is not None
    Redis(unix_socket_path=killed.socket).execute_command("WAITAOF", 1, 0, 0)  # pyright: ignore[reportUnknownMemberType]
    os.kill(killed.pid, signal.SIGKILL)
    helper = docmill.start("worker", "--slots", "gpu*1")
    try:
        out, err = process.communicate(timeout=30)
        assert process.returncode == 0, err
        assert "three.txt" in out
        assert valkey.record != killed
    finally:
        helper.terminate()
        helper.communicate(timeout=10)


def test_a_timeout_is_its_own_exit_code(docmill: Docmill, text_file: Path) -> None:
    """Nobody serves that lane; the document waits on."""
    answer = docmill(
        "submit", "--pipeline", "words", text_file, "--lane", "read=gpu", "--wait", "--timeout", "0.1", "--json"
    )
    assert answer.code == 4
    assert "have not ended" in answer.json["error"]


def test_down_ends_it_all_and_keeps_the_documents(docmill: Docmill) -> None:
    """What was accepted is there again afterwards."""
    assert docmill("up", "--no-api").code == 0
    before = {document["id"] for document in docmill("list", "--json").json}
    assert set(docmill("down", "--wait", "5", "--json").json["ended"]) == {"worker", "valkey"}
    assert docmill("down", "--json").json == {"ended": []}
    assert {document["id"] for document in docmill("list", "--json").json} == before


def test_a_worker_that_cannot_start_is_told(docmill: Docmill, text_file: Path) -> None:
    """Not a wait without end: the worker's own last words."""
    docmill("down", "--wait", "5")
    answer = docmill("process", "--pipeline", "words", text_file, "--json", slots="nonsense*x")
    assert answer.code != 0
    assert set(msgspec.json.decode(answer.out, type=dict[str, str])) == {"error"}
