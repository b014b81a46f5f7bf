"""`python -m worker.slot` as its supervisor starts it: what it says, where it hangs, how it ends."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from orchestrator.settings import Settings
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import moods
from tests.support.workers import ROOT, effects, wait_until
from tests.worker.limited import waiting
from worker.line.stacks import readable_stack

PIPELINES = "tests.support.pipelines:moods,tests.worker.limited:waiting"


class Program:
    """One slot's process."""

    def __init__(self, engine: Engine, settings: Settings, lane: str, folder: Path) -> None:
        engine.slot("w/0", lanes=(lane,))
        self.stacks = folder / "stacks"
        self.told, telling = os.pipe()
        words = ["--names", "w/0", "--incarnation", "i1", "--lanes", lane, "--parent", str(os.getpid())]
        environment = {
            "DOCMILL_REDIS_URL": engine.server.url, "DOCMILL_PIPELINES": PIPELINES,
            "DOCMILL_DATA_DIR": str(settings.data_dir), "EFFECTS": str(folder / "effects"),
        }  # fmt: skip
        with self.stacks.open("wb") as file:
            words += ["--status", str(telling), "--stacks", str(file.fileno())]
            self.process = subprocess.Popen(
                [sys.executable, "-m", "worker.slot", *words], cwd=ROOT, env={**os.environ, **environment},
                stdin=subprocess.PIPE, pass_fds=(telling, file.fileno()), bufsize=0,
            )  # fmt: skip
        os.close(telling)

    def order(self, line: bytes) -> None:
        """As the supervisor does."""
        assert self.process.stdin is not None
        self.process.stdin.write(line + b"\n")

    def close(self) -> None:
        """End it, however it is."""
        self.process.kill()
        self.process.communicate()
        os.close(self.told)


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    return make_engine(moods, waiting)


@pytest.mark.parametrize("lane", ["cpu", "llm"])
def test_it_says_that_it_is_ready_and_ends_when_told(
    engine: Engine, settings: Settings, tmp_path: Path, lane: str
) -> None:
    program = Program(engine, settings, lane, tmp_path)
    try:
        assert os.read(program.told, 6) == b"ready\n"
        program.order(b"nonsense")
        program.order(b"drain")
        assert program.process.wait(30) == 0
        while os.read(program.told, 4096):
            pass  # the pipe ends with it
    finally:
        program.close()


def test_it_tells_where_it_hangs(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    program = Program(engine, settings, "cpu", tmp_path)
    try:
        engine.submit(moods, text="sleep:60")
        wait_until(lambda: effects(tmp_path), "the step runs")
        wait_until(lambda: ask(program).startswith("moody (pipelines.py:"), "it has gone from saying so to its sleep")
        assert program.process.poll() is None
    finally:
        program.close()


def ask(program: Program) -> str:
    """Where its main thread is."""
    size = program.stacks.stat().st_size
    program.process.send_signal(signal.SIGUSR2)
    wait_until(lambda: program.stacks.stat().st_size > size, "an answer")
    return readable_stack(program.stacks.read_text())


def test_it_can_end_beside_a_step_that_cannot(engine: Engine, settings: Settings, tmp_path: Path) -> None:
    program = Program(engine, settings, "llm", tmp_path)
    try:
        document = engine.submit(waiting, text="stubborn")
        wait_until(lambda: engine.head(document)["status"] == "failed", "the step is given up")
        program.order(b"drain")
        assert program.process.wait(30) == 0
    finally:
        program.close()
