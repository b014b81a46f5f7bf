"""`docmill` as a program of its own, in a data folder of the tests'."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest

from orchestrator.cli.running import run
from orchestrator.settings import load_settings
from tests.batches.conftest import PIPELINES
from tests.support.server import Server
from worker.testing import TestMill

ROOT = Path(__file__).parents[2]
LIMIT = 60
"""Seconds that a command may take."""


@dataclass(frozen=True)
class Answer:
    """What a command said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its stdout, which is exactly one JSON value."""
        return msgspec.json.decode(self.out)


class Docmill:
    """Runs `docmill` with settings of its own.

    Args:
        data_dir: the data folder.
        folder: where the user stands.
    """

    def __init__(self, data_dir: Path, folder: Path = ROOT) -> None:
        self.data_dir, self._folder = data_dir, folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("DOCMILL_")}
        self.environment = kept | {
            "DOCMILL_DATA_DIR": str(data_dir),
            "DOCMILL_PIPELINES": "tests.cli.pipelines:words",
            "DOCMILL_SLOTS": "cpu*1",
        }

    def __call__(self, *words: str | Path, **settings: str) -> Answer:
        """Run a command to its end; settings as `lease="x"`."""
        with self._popen(words, settings) as process:
            out, err = process.communicate(timeout=LIMIT)
        return Answer(process.returncode, out, err)

    def start(self, *words: str | Path) -> "subprocess.Popen[str]":
        """Start a command and leave it running."""
        return self._popen(words, {})

    def _popen(self, words: Sequence[str | Path], settings: dict[str, str]) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [str(Path(sys.executable).with_name("docmill")), *map(str, words)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=self._folder,
            env=self.environment | {f"DOCMILL_{name.upper()}": value for name, value in settings.items()},
            start_new_session=True,
        )


@pytest.fixture(scope="module")
def docmill() -> Iterator[Docmill]:
    """For the tests of one file: what one starts, the next finds running."""
    with TemporaryDirectory(prefix="dm") as folder:
        made = Docmill(Path(folder) / "data")
        yield made
        made("down", "--wait", "5")


class Inside:
    """The command line without a start of Python for each command; and a mill that runs what it submits.

    Args:
        capsys: what a command prints is read from it.
    """

    def __init__(self, mill: TestMill, capsys: "pytest.CaptureFixture[str]") -> None:
        self.mill, self._capsys, self.environment = mill, capsys, dict(os.environ)

    def __call__(self, *words: str | Path) -> Answer:
        """Run a command."""
        self._capsys.readouterr()
        code = run([str(word) for word in words])
        told = self._capsys.readouterr()
        return Answer(code, told.out, told.err)


@pytest.fixture
def inside(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: "pytest.CaptureFixture[str]"
) -> Iterator[Inside]:
    """Commands and jobs in the test's own process."""
    named = ",".join(f"tests.batches.pipelines:{pipeline.name}" for pipeline in PIPELINES)
    for name, value in (("REDIS_URL", server.url), ("DATA_DIR", str(tmp_path / "data")), ("PIPELINES", named)):
        monkeypatch.setenv(f"DOCMILL_{name}", value)
    load_settings.cache_clear()
    with TestMill(server.url, tmp_path) as mill:
        mill.use(*PIPELINES)
        yield Inside(mill, capsys)
    load_settings.cache_clear()


@pytest.fixture
def text_file(tmp_path: Path) -> Path:
    """Three words."""
    path = tmp_path / "three.txt"
    path.write_text("one two three")
    return path
