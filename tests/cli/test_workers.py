"""`docmill workers`: who works at what, for people and for programs; and the options of `docmill worker`."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from queue import Queue
from tempfile import TemporaryDirectory
from threading import Thread

import pytest

from orchestrator.cli.reloading import watched
from orchestrator.cli.workforce_tables import age, cards, slots
from orchestrator.registry import load_registry
from orchestrator.settings import Settings
from tests.cli.conftest import ROOT, Docmill
from tests.cli.workforces import drawn, job, workers


@pytest.mark.parametrize("width", [80, 100, 130, 200])
def test_the_table_fits_and_keeps_what_matters(width: int) -> None:
    """Whatever the terminal, a job, its age and its limit are whole."""
    lines = drawn(width, slots(workers()[:2], width))
    assert max(map(len, lines)) <= width
    for whole in ("node1-7f3k9q2m", "12 s / 600 s", "ocr[112]", "481 s / 600 s", "700 s / 600 s", "died 2x", "silent"):
        assert [line for line in lines if whole in line], whole
    assert any("…ct8nab" in line for line in lines)
    assert any("and 6 more" in line for line in lines), "a batch of nine does not fill the screen"
    assert any("loaded: paddleocr" in line for line in lines) == (width < 130), "nobody takes it for a job"


def test_wide_terminals_have_a_column_for_models() -> None:
    (row,) = [line for line in drawn(200, slots(workers()[:2], 200)) if "ocr[112]" in line]
    assert row.split()[-9:] == ["GiB", "paddleocr", "430", "MiB", "pinned,", "3", "s", "ago", "0"]


def test_what_nobody_tells_takes_no_column() -> None:
    (header, *_) = drawn(200, slots(workers()[1:2], 200))
    assert header.split() == ["worker", "slot", "lanes", "state"]


def test_cards_have_a_line_each() -> None:
    assert cards(workers()) == ["card 0 on node1.example.org: NVIDIA H200, 60.0 GiB of 140.0 GiB free"]


@pytest.mark.parametrize(
    ("seconds", "limit", "told"),
    [
        (12, 600, "12 s / 600 s"),
        (479, 600, "479 s / 600 s"),
        (480, 600, "[yellow]480 s / 600 s[/]"),
        (601, 600, "[red]601 s / 600 s[/]"),
        (12, None, "12 s"),
        (5000, 7200, "1 h 23 min / 2 h"),
    ],
)
def test_an_age_has_the_colour_of_its_urgency(seconds: float, limit: float | None, told: str) -> None:
    assert age(job("a", "ocr", seconds, limit)) == told


def test_nothing_runs(docmill: Docmill) -> None:
    """A line says how to start one."""
    answer = docmill("workers")
    assert (answer.code, answer.out) == (
        0,
        "no worker runs: start one with docmill worker, or everything with docmill up\n",
    )
    assert docmill("workers", "--json").json == {"workers": []}


def test_a_worker_that_runs(docmill: Docmill) -> None:
    """Each of its slots is there; after its end it is no more than a record."""
    assert docmill("up", "--no-api").code == 0
    (told,) = docmill("workers", "--json").json["workers"]
    assert (told["state"], [slot["name"] for slot in told["slots"]]) == ("alive", [f"{told['id']}/0"])
    assert told["id"] in docmill("workers").out
    docmill("down", "--wait", "5")
    (ended,) = docmill("workers", "--json").json["workers"]
    assert (ended["state"], {slot["state"] for slot in ended["slots"]}) == ("ended", {"ended"})
    assert docmill("workers").out.startswith("no worker runs")


@pytest.mark.parametrize(
    ("option", "value"), [("--lease", "x"), ("--max-rss", "much"), ("--drain-timeout", "-1"), ("--recycle-jobs", "x")]
)
def test_an_option_is_the_setting_of_its_name(docmill: Docmill, option: str, value: str) -> None:
    """It is checked as the setting is, before anything is started."""
    answer = docmill("worker", option, value)
    assert answer.code == 2
    assert f"DOCMILL_{option[2:].upper().replace('-', '_')}" in answer.err
    assert "Traceback" not in answer.err


def test_options_go_before_the_environment(docmill: Docmill) -> None:
    answer = docmill("worker", "--vram-budget", "nonsense", vram_budget="80%")
    assert answer.code == 2 and "DOCMILL_VRAM_BUDGET" in answer.err


def test_where_one_stands_and_the_packages_of_pipelines_are_watched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("tests.cli.pipelines:words", "own_pipeline:own")
    (tmp_path / "own_pipeline.py").write_text("from tests.cli.pipelines import words as own\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    load_registry(Settings(pipelines=names))
    assert watched(names) == [tmp_path.resolve(), ROOT / "tests"]


PIPELINE = """
from orchestrator import pipeline, step


@step(lane="cpu")
def say(word: str) -> str:
    return word + "{mark}"


@pipeline()
def saying(word: str) -> str:
    return say(word)
"""


class Reader:
    """Hears a program's stderr, line by line."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._lines: Queue[str] = Queue()
        Thread(target=self._read, args=(process,), daemon=True).start()

    def _read(self, process: "subprocess.Popen[str]") -> None:
        assert process.stderr is not None
        for line in process.stderr:
            self._lines.put(line)

    def until(self, words: str) -> str:
        """The next line with these words; fails where none comes in time."""
        while words not in (line := self._lines.get(timeout=30)):
            pass
        return line


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Docmill]:
    """`docmill` in a data folder of its own, where a user's own module lies."""
    with TemporaryDirectory(prefix="dm") as folder:
        made = Docmill(Path(folder) / "data", tmp_path)
        made.environment |= {"DOCMILL_PIPELINES": "sayings:saying"}
        yield made
        made("down", "--wait", "0")


def test_a_reloading_worker_runs_the_code_as_it_is_now(elsewhere: Docmill, tmp_path: Path) -> None:
    """A change starts it again, also after one that cannot be loaded; a signal ends it, and nothing stays behind."""
    code = tmp_path / "sayings.py"
    code.write_text(PIPELINE.format(mark="!"))
    said = ("submit", "--pipeline", "saying", "--param", "word=hi", "--wait", "--timeout", "30", "--json")
    with elsewhere.start("worker", "--reload", "--json") as worker:
        heard = Reader(worker)
        heard.until("worker started")
        assert elsewhere(*said).json[0]["outputs"] == {"say": "hi!"}
        code.write_text("this is no Python\n")
        assert heard.until("changed: ") == "changed: sayings.py; the worker starts again\n"
        heard.until("sayings.py")
        code.write_text(PIPELINE.format(mark="?"))
        heard.until("worker started")
        assert elsewhere(*said).json[0]["outputs"] == {"say": "hi?"}
        worker.send_signal(signal.SIGINT)
        assert worker.wait(30) == 0
    assert elsewhere("workers").out.startswith("no worker runs")
