"""`docs/inspect-with-redis-cli.md`: every line of it, run against a real server in the middle of its work."""

import re
import shlex
import shutil
import string
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import moods, shouting

PAGE = Path(__file__).parents[2] / "docs" / "inspect-with-redis-cli.md"
BLOCK = re.compile(r"^```sh\n(redis-cli [^\n]+)\n```\n\n```text\n(.*?)```", re.MULTILINE | re.DOTALL)
LINES = BLOCK.findall(PAGE.read_text())
SLOT = "node1-7f3k9q2m/0"


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """The scripts of a server with nothing in it."""
    return make_engine(shouting, moods)


@pytest.fixture
def places(engine: Engine) -> dict[str, str]:
    """The page's variables, for a server on which one of everything is to be seen."""
    failing = engine.submit(moods, text="broken", priority=9)
    slot = engine.slot(SLOT)
    slot.fail(slot.take(), "fatal")
    document = engine.submit(shouting, text="one two three")
    slot.fail(slot.take())
    slot.complete(slot.take(), ["one", "two", "three"])
    slot.complete(slot.take(), "ONE")
    assert slot.take().document == document
    engine.submit(moods, text="later", delay=60)
    engine.submit(moods, text="now", priority=9)
    assert engine.head(failing)["status"] == "failed"
    return {"DOC": document, "SLOT": SLOT}


def asked(engine: Engine, line: str, places: dict[str, str]) -> Any:
    """The answer to one line of the page: redis-cli's text, or redis-py's value where it is not installed."""
    words = shlex.split(string.Template(line).substitute(places))[1:]
    if program := shutil.which("redis-cli") or shutil.which("valkey-cli"):
        command = [program, "-s", str(engine.server.socket), *words]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    return engine.server.redis.execute_command(*words)


def fields(example: str) -> set[str]:
    """The fields that an example of HGETALL shows; a bucket's bound varies and is left out."""
    shown = re.findall(r'^ *(\d+)\) "(.*)"$', example, re.MULTILINE)
    return {re.sub(r"\d+$", "", text) for number, text in shown if int(number) % 2}


def test_there_are_ten_lines() -> None:
    """The page promises ten, each with an example."""
    assert len(LINES) == PAGE.read_text().count("\nredis-cli ") == 10


@pytest.mark.parametrize(("line", "example"), LINES, ids=[line for line, _ in LINES])
def test_a_line_of_the_page(engine: Engine, places: dict[str, str], line: str, example: str) -> None:
    """It answers, and what the example shows is what there is."""
    answer = asked(engine, line, places)
    assert answer
    assert "ERR" not in str(answer)
    if "HGETALL" in line:
        there = str(answer)
        assert not [field for field in fields(example) if field not in there]
