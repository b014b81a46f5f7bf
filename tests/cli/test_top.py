"""`docmill top`: one picture of everything, again each second."""

import os
import pty
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orchestrator.cli.top.picture import picture
from orchestrator.cli.top.scene import Looking, Scene
from orchestrator.client import Mill
from tests.cli.conftest import ROOT, Docmill
from tests.cli.workforces import drawn, failure, workforce
from tests.conftest import MakeEngine
from tests.support.pipelines import moods

LONG = "summarise: ValueError: " + "the model answered something that is no JSON " * 5
SCENE = Scene(workforce(), [failure(1, "ocr: Fatal: the file is empty"), failure(2, LONG)], 118.4)


@pytest.mark.parametrize("width", [80, 100, 150, 200])
def test_a_picture_fits_and_has_all_of_it(width: int) -> None:
    lines = drawn(width, picture(SCENE, width))
    assert max(map(len, lines)) <= width
    text = " ".join(" ".join(lines).split())
    for part in (
        "2 workers · 4 of 6 slots busy · 1324 ready, 12 running, 2 delayed · 118 documents/min",
        "125 s paused",
        "rests: a service is down",
        "1 h 6 min no worker serves it",
        "5 min ago document ocr: Fatal: the file is empty",
        "paddleocr 430 MiB",
        "card 0 on node1.example.org",
    ):
        assert part in text, part
    assert "node3" not in text, "a worker that has ended is no part of it"


def test_who_is_busy_longest_is_first() -> None:
    text = "\n".join(drawn(100, picture(SCENE, 100)))
    assert text.index("700 s") < text.index("481 s") < text.index("12 s /") < text.index("idle")


def test_failures_take_a_line_each() -> None:
    assert sum("model answered" in line for line in drawn(100, picture(SCENE, 100))) == 1


def test_a_redis_that_is_away_is_told_above_the_last_picture() -> None:
    lines = drawn(100, picture(SCENE.troubled("nothing answers at redis://x"), 100))
    assert lines[1] == "nothing answers at redis://x"
    assert any("ocr[112]" in line for line in lines)


async def test_a_rate_is_taken_between_looks(make_engine: MakeEngine, mill: Mill) -> None:
    engine = make_engine(moods)
    async with mill:
        looking = Looking(mill)
        assert (await looking.look()).rate is None
        assert (await looking.look()).rate == 0
        engine.server.redis.hincrby(engine.keys.named("stats"), "finished:moods:succeeded", 3)
        first = (await looking.look()).rate
        assert first is not None and first > 0
        engine.server.redis.delete(engine.keys.named("stats"))
        assert (await looking.look()).rate is None, "a Redis that was emptied begins anew"


async def test_failures_come_with_their_reasons(make_engine: MakeEngine, mill: Mill) -> None:
    engine = make_engine(moods)
    slot = engine.slot()
    for n in range(7):
        engine.submit(moods, text=str(n))
        slot.fail(slot.take(), "fatal")
    async with mill:
        scene = await Looking(mill).look()
    assert [document.error for document in scene.failures] == ["moody: ValueError: broken"] * 5
    assert scene.failures[0].id > scene.failures[-1].id


def test_once(docmill: Docmill) -> None:
    """One picture, for people or as JSON."""
    answer = docmill("top", "--once")
    assert answer.code == 0
    assert "no worker runs" in answer.out
    assert "\x1b" not in answer.out
    assert docmill("top", "--json").json == {"workers": [], "lanes": [], "failures": [], "running": 0, "delayed": 0}


def test_without_a_terminal_it_goes_on(docmill: Docmill) -> None:
    """A picture each second, until it is interrupted: which is no fault."""
    process = docmill.start("top")
    assert process.stdout is not None
    pictures = 0
    for line in process.stdout:
        pictures += "0 workers" in line
        if pictures == 2:
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, "")


@pytest.mark.parametrize("key", [b"q", b"\x03"], ids=["q", "Ctrl-C"])
def test_a_key_ends_it(docmill: Docmill, key: bytes) -> None:
    """On a terminal; which is as it was afterwards."""
    docmill("list")  # so that the server runs
    controller, terminal = pty.openpty()
    environment = docmill.environment | {"TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
    command = [str(Path(sys.executable).with_name("docmill")), "top"]

    def own_terminal() -> None:
        os.setsid()
        os.close(os.open(os.ttyname(0), os.O_RDWR))  # the first that a session opens is its own

    process = subprocess.Popen(
        command, stdin=terminal, stdout=terminal, stderr=terminal, cwd=ROOT, env=environment, preexec_fn=own_terminal
    )
    os.close(terminal)
    assert b"0 workers" in _read_until(controller, b"0 workers")
    os.write(controller, key)
    shown = _read_until(controller, b"\x1b[?1049l")
    assert b"\x1b[?1049l" in shown, "the screen of before is back"
    assert process.wait(20) == 0
    os.close(controller)


def _read_until(terminal: int, words: bytes) -> bytes:
    """What a terminal is told, until the words are there."""
    told, give_up = b"", time.monotonic() + 30
    while words not in told and time.monotonic() < give_up:
        if select.select([terminal], [], [], 1)[0]:
            told += os.read(terminal, 65536)
    return told
