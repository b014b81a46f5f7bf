"""`docmill schedule`, and the times that `docmill submit` takes."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from orchestrator.cli.running import run
from orchestrator.settings import load_settings
from tests.cli.conftest import Answer
from tests.support.server import Server

PIPELINES = "tests.cli.pipelines:words,tests.cli.scheduled:doubling"
Command = Callable[..., Answer]


@pytest.fixture
def docmill(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: "pytest.CaptureFixture[str]"
) -> Iterator[Command]:
    """The command line, without a start of Python for each command."""
    for name, value in (("REDIS_URL", server.url), ("DATA_DIR", str(tmp_path)), ("PIPELINES", PIPELINES)):
        monkeypatch.setenv(f"DOCMILL_{name}", value)
    load_settings.cache_clear()

    def command(*words: str | Path) -> Answer:
        code = run([str(word) for word in words])
        told = capsys.readouterr()
        return Answer(code, told.out, told.err)

    yield command
    load_settings.cache_clear()


@pytest.fixture
def schedule(docmill: Command) -> Command:
    """`docmill schedule …`."""
    return lambda *words: docmill("schedule", *words)


def add(schedule: Command, *more: str) -> Answer:
    """Add one that is due at nine in Berlin."""
    asked = ("add", "morning", "0 9 * * *", "--zone", "Europe/Berlin", "--pipeline", "doubling", "--param", "number=3")
    return schedule(*asked, *more)


def test_the_life_of_a_schedule(docmill: Command, schedule: Command) -> None:
    assert add(schedule).out.startswith("schedule morning: added; next 2")
    assert add(schedule, "--overlap", "skip").code == 2
    assert add(schedule, "--overlap", "skip", "--replace", "--json").json["state"] == "changed"
    (listed,) = schedule("list", "--json").json
    assert (listed["name"], listed["parameters"], listed["overlap"]) == ("morning", {"number": 3}, "skip")
    due = datetime.fromisoformat(listed["next_at"])
    assert due.minute == 0 and due.hour in {7, 8}
    document = schedule("run", "morning").out.strip()
    assert docmill("status", document, "--json").json["pipeline"].startswith("doubling@")
    assert schedule("run", "morning").code == 2, "it does not overlap"
    assert schedule("pause", "morning").out == "schedule morning: paused\n"
    assert "paused since" in schedule("list").out
    assert schedule("resume", "morning", "--json").json == {"name": "morning", "state": "resumed"}
    shown = schedule("show", "morning").out
    words = ("Europe/Berlin", "09:00:00 CE", f"now queued {document}", '{"number":3}', "1 skipped")
    assert [word for word in words if word not in shown] == []


def test_one_that_is_removed(schedule: Command) -> None:
    add(schedule)
    assert schedule("remove", "morning").out == "schedule morning: removed\n"
    answer = schedule("show", "morning")
    assert (answer.code, answer.err) == (3, "docmill: there is no schedule 'morning': add one first\n")
    assert schedule("list").out == "there is no schedule: docmill schedule add\n"


def test_what_cannot_be_is_said(schedule: Command) -> None:
    for words, told in (
        (("0 25 * * *", "--pipeline", "doubling", "--param", "number=1"), "bad hour"),
        (("0 5 * * *", "--pipeline", "words"), "a schedule submits parameters only"),
    ):
        answer = schedule("add", "x", *words)
        assert (answer.code, told in answer.err) == (2, True), answer.err


def test_a_document_may_start_later(docmill: Command, text_file: Path) -> None:
    begin = datetime.now().astimezone() + timedelta(hours=2)

    def ready(*words: str) -> datetime:
        (entry,) = docmill("submit", "--pipeline", "words", text_file, "--json", *words).json
        (step,) = [step for step in entry["steps"] if step["name"] == "read"]
        assert step["state"] == "delayed"
        return datetime.fromisoformat(step["ready_at"])

    for words in (("--delay", "7200"), ("--not-before", begin.replace(tzinfo=None).isoformat())):
        assert abs(ready(*words) - begin) < timedelta(seconds=60), words
    for words, told in (
        (("--not-before", "soon"), "give a date and time"),
        (("--delay", "60", "--deadline", "60"), "a later deadline"),
    ):
        answer = docmill("submit", "--pipeline", "words", text_file, *words)
        assert (answer.code, told in answer.err) == (2, True), answer.err
