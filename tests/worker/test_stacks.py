"""A slot that hangs tells where, whatever it hangs in."""

import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import pytest

from tests.support.workers import ROOT, wait_until
from worker.line.stacks import LONGEST, readable_stack
from worker.line.status import Status

CHILD = """
import ctypes, os, sys, threading, time
from worker.line.stacks import arm_stacks

def idle():
    time.sleep(600)

def hang(how):
    reader, _ = os.pipe()
    read, buffer = ctypes.PyDLL(None).read, ctypes.create_string_buffer(1)
    print("hanging", flush=True)
    if how == "holding":
        read(reader, buffer, 1)
    elif how == "releasing":
        os.read(reader, 1)
    while True:
        pass

def step(how):
    hang(how)

arm_stacks(int(sys.argv[2]))
threading.Thread(target=idle, daemon=True).start()
step(sys.argv[1])
"""


@pytest.mark.parametrize("how", ["holding", "releasing", "spinning"])
def test_it_tells_while_a_library_holds_the_interpreter_and_while_it_does_not(tmp_path: Path, how: str) -> None:
    script = tmp_path / "child.py"
    script.write_text(CHILD)
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with tempfile.TemporaryFile() as file:
        child = subprocess.Popen(
            [sys.executable, script, how, str(file.fileno())],
            env=environment, pass_fds=[file.fileno()], stdout=subprocess.PIPE,
        )  # fmt: skip
        try:
            hear(child, file)
        finally:
            child.kill()
            child.communicate()


def hear(child: "subprocess.Popen[bytes]", file: IO[bytes]) -> None:
    """It answers as often as it is asked, wherever the file is being read."""
    assert child.stdout is not None and child.stdout.readline() == b"hanging\n"

    def dumped() -> str:
        return os.pread(file.fileno(), 1 << 20, 0).decode()

    for asked in (1, 2):
        file.seek(0)
        child.send_signal(signal.SIGUSR2)
        wait_until(lambda asked=asked: dumped().count("in <module>") == asked, "an answer")
        line = readable_stack(dumped())
        assert line.startswith("hang (child.py:") and " < step (child.py:" in line, line
        assert "idle" not in line


DUMP = """Thread 0x00007f5a (most recent call first):
  File "/usr/lib/python3.11/threading.py", line 320 in wait
  File "/opt/app/other.py", line 1 in other

Current thread 0x00007f5b (most recent call first):
  File "/opt/app/steps.py", line 12 in hang
  File "/opt/app/a (copy).py", line ??? in ocr
"""


def test_one_line() -> None:
    assert readable_stack(DUMP) == "hang (steps.py:12) < ocr (a (copy).py:???)"


def test_without_the_main_thread_the_last_one_counts() -> None:
    assert readable_stack(DUMP.partition("\n\n")[0]) == "wait (threading.py:320) < other (other.py:1)"


def test_nothing_was_written() -> None:
    assert readable_stack("") == ""


def test_a_deep_stack_is_cut_at_its_outer_end() -> None:
    deep = "Current thread 0x1 (most recent call first):\n" + '  File "/a/b.py", line 7 in again\n' * 100 + "  ...\n"
    line = readable_stack(deep)
    assert line.startswith("again (b.py:7) < again") and line.endswith("(b.py:7) < …")
    assert len(line) <= LONGEST


def test_what_nobody_reads_is_dropped_as_a_whole_and_never_waited_for() -> None:
    reader, writer = os.pipe()
    status = Status(writer)
    for number in range(20_000):
        status.tell("line", str(number), "two\nlines")
    os.close(writer)
    with os.fdopen(reader) as told:
        lines = told.read().splitlines()
    assert 100 < len(lines) < 20_000
    assert lines == [f"line {number} two lines" for number in range(len(lines))]


def test_a_status_that_nobody_wants() -> None:
    Status(None).tell("ready")
    reader, writer = os.pipe()
    os.close(reader)
    Status(writer).tell("ready")
    os.close(writer)
