"""A program that docmill starts: runs once, is found again by anyone, and nobody else is ever signalled."""

import subprocess
import sys
from collections.abc import Iterator

import msgspec
import pytest

from orchestrator.embedded.folder import Folder
from orchestrator.embedded.program import LARGEST_LOG, Program, Record
from orchestrator.embedded.starting import wait_for
from orchestrator.errors import NotStarted

WAITS = [sys.executable, "-c", "import signal; print('waits', flush=True); signal.pause()"]
DEAF = """
import signal
signal.signal(signal.SIGTERM, lambda *_: None)
print("waits", flush=True)
while True:
    signal.pause()
"""
STUBBORN = [sys.executable, "-c", DEAF]
ENDS = [sys.executable, "-c", "import sys; sys.exit('the port is taken')"]


@pytest.fixture
def program(folder: Folder) -> Iterator[Program]:
    """A program, ended afterwards."""
    made = Program(folder, "worker")
    yield made
    made.stop(patience=0.1)


def start(program: Program, command: list[str]) -> None:
    """Start it, and wait until it has said something."""
    program.start(command, {})
    wait_for(program, lambda: program.last_words() == "waits", 10)


def test_it_runs_until_it_is_stopped(program: Program) -> None:
    """Stopping twice is fine."""
    assert not program.is_running
    start(program, WAITS)
    assert program.is_running
    assert program.stop(patience=5)
    assert not program.is_running
    assert not program.stop(patience=5)


def test_anyone_sees_that_it_runs(program: Program, folder: Folder) -> None:
    """Not only who started it."""
    start(program, WAITS)
    another = Program(folder, "worker")
    assert another.is_running
    assert another.record == program.record
    assert another.stop(patience=5)
    assert not program.is_running


def test_one_that_does_not_listen_is_killed(program: Program) -> None:
    """After its time, and no sooner."""
    start(program, STUBBORN)
    assert program.stop(patience=0.1, again=0.1)
    assert not program.is_running


def test_a_reused_process_number_harms_nobody(program: Program, folder: Folder) -> None:
    """The record says a number that is now somebody else's: they live on."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        (folder.run / "worker.json").write_bytes(msgspec.json.encode(Record(other.pid, ["worker"])))
        assert not program.stop(patience=5)
        assert other.poll() is None
        start(program, WAITS)
        (folder.run / "worker.json").write_bytes(msgspec.json.encode(Record(other.pid, ["worker"])))
        assert program.stop(patience=5), "the one that holds the lock is found all the same"
        assert other.poll() is None
        other.communicate(b"\n")


def test_one_without_a_record_is_found(program: Program, folder: Folder) -> None:
    """Its starter was killed before it wrote."""
    start(program, WAITS)
    (folder.run / "worker.json").unlink()
    assert program.is_running
    assert program.stop(patience=5)


def test_one_that_ends_at_once_tells_why(program: Program) -> None:
    """By the end of its log."""
    program.start(ENDS, {})
    with pytest.raises(NotStarted, match="the port is taken"):
        wait_for(program, lambda: False, 10)


def test_a_large_log_is_put_aside(program: Program) -> None:
    """At the next start."""
    program.log.write_bytes(b"x" * (LARGEST_LOG + 1))
    start(program, WAITS)
    assert program.log.stat().st_size < 100
    assert program.log.with_suffix(".log.1").stat().st_size > LARGEST_LOG
