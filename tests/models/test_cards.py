"""The cards of a machine, and the token that keeps two runtimes apart on one of them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.workers import ROOT
from worker.machine.card_token import CardToken
from worker.machine.cards import Card, cards, chosen, own_bytes, visible_cards

BOTH = [Card(0, "GPU-aaaa1111", "H200", 80, 70), Card(1, "GPU-bbbb2222", "H200", 80, 80)]
HOLD = """
import sys
from pathlib import Path
from worker.machine.card_token import CardToken
token = CardToken(sys.argv[1], Path(sys.argv[2]))
assert token.acquire(30)
print("held", flush=True)
sys.stdin.readline()
"""
WORK = """
import os, sys
from pathlib import Path
from worker.machine.card_token import CardToken
token, log = CardToken(sys.argv[1], Path(sys.argv[2])), os.open(sys.argv[3], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
for _ in range(50):
    with token:
        os.write(log, f"{os.getpid()} begins\\n".encode())
        sum(range(20_000))
        os.write(log, f"{os.getpid()} ends\\n".encode())
"""


def python(program: str, *words: object) -> "subprocess.Popen[str]":
    """A process of its own."""
    command = [sys.executable, "-c", program, *map(str, words)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def holder(name: str, folder: Path) -> "subprocess.Popen[str]":
    """A process that has the token."""
    process = python(HOLD, name, folder)
    assert process.stdout and process.stdout.readline() == "held\n"
    return process


def test_a_killed_holder_has_freed_the_card(tmp_path: Path) -> None:
    process, token = holder("GPU-1", tmp_path), CardToken("GPU-1", tmp_path)
    try:
        assert not token.acquire(0.05) and not token.held
        assert CardToken("GPU-2", tmp_path).acquire(), "another card is free"
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()
    assert token.acquire(10) and token.held


def test_a_released_card_is_had_by_who_waits(tmp_path: Path) -> None:
    token = CardToken("GPU-1", tmp_path)
    with token:
        assert token.held and token.acquire(), "what is held is held"
        waiting = python(HOLD, "GPU-1", tmp_path)
        with pytest.raises(subprocess.TimeoutExpired):
            waiting.wait(1)
    assert not token.held
    assert waiting.stdout and waiting.stdout.readline() == "held\n"
    assert not token.acquire()
    waiting.communicate("\n")
    assert token.acquire(10)


def test_two_processes_never_work_at_once(tmp_path: Path) -> None:
    log = tmp_path / "log"
    both = [python(WORK, "GPU-1", tmp_path, log) for _ in range(2)]
    assert [process.wait(60) for process in both] == [0, 0]
    for process in both:
        process.communicate()
    lines = [line.split() for line in log.read_text().splitlines()]
    assert len(lines) == 200
    assert all(
        begun[0] == ended[0] and (begun[1], ended[1]) == ("begins", "ends")
        for begun, ended in zip(lines[::2], lines[1::2], strict=True)
    )


def test_a_program_that_the_holder_starts_does_not_keep_the_card(tmp_path: Path) -> None:
    with CardToken("GPU-1", tmp_path):
        child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False)
    try:
        assert CardToken("GPU-1", tmp_path).acquire(10)
    finally:
        child.communicate(b"\n")


def test_any_label_makes_a_file_name(tmp_path: Path) -> None:
    token = CardToken("../no card: this machine/0", tmp_path)
    assert token.acquire()
    assert [path.name for path in tmp_path.iterdir()] == ["___no_card__this_machine_0.lock"]


def test_usually_all_workers_of_a_user_share_one_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    with CardToken("GPU-1") as token:
        assert token.path.parent.parent == tmp_path
        assert token.path.parent.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize(
    ("visible", "indexes"),
    [
        (None, [0, 1]),
        ("", []),
        ("1", [1]),
        ("1, 0", [1, 0]),
        ("GPU-bbbb", [1]),
        ("0,7,1", [0]),
        ("-1", []),
        ("what", []),
    ],
)
def test_what_cuda_visible_devices_leaves(visible: str | None, indexes: list[int]) -> None:
    assert [card.index for card in chosen(BOTH, visible)] == indexes


def test_a_machine_tells_its_cards_or_none_without_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(card.uuid and 0 <= card.free <= card.total for card in cards())
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert visible_cards() == [] and own_bytes() is None
