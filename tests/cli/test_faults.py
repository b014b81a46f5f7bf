"""What is wrong is one line and an exit code that tells its kind; with --json it is one JSON value."""

from pathlib import Path

import pytest

from tests.cli.conftest import Docmill

NOWHERE = "redis://:secret@127.0.0.1:1"


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["status", "0-abc"], 3, "no document 0-abc"),
        (["status", "no id"], 2, "not a document's id"),
        (["result", "0-abc"], 3, "no document 0-abc"),
        (["list", "--status", "odd"], 2, "use one of queued"),
        (["submit", "{file}", "--pipeline", "nope"], 3, "use one of words"),
        (["submit", "{file}", "--pipeline", "words", "-p", "10"], 2, "use 9 (urgent) to 0"),
        (["submit", "{file}", "--pipeline", "words", "--lane", "read=odd"], 2, "use one of cpu, gpu, hooks, llm"),
        (["submit", "{file}", "--pipeline", "words", "--lane", "odd=cpu"], 2, "it has read, split"),
        (["submit", "{file}", "--pipeline", "words", "--lane", "read"], 2, "STEP=LANE"),
        (["submit", "{file}", "--pipeline", "words", "--param", "odd=1"], 2, "it takes source, times"),
        (["submit", "{file}", "--pipeline", "words", "--param", "times=x"], 2, "Expected `int`"),
        (["submit", "--odd"], 2, "--odd"),
        (["odd"], 2, "odd"),
    ],
)
def test_wrong_usage(docmill: Docmill, text_file: Path, words: list[str], code: int, text: str) -> None:
    """The text says what is allowed."""
    given = [word.format(file=text_file) for word in words]
    plain, as_json = docmill(*given), docmill(*given, "--json")
    assert (plain.code, as_json.code) == (code, code)
    assert (plain.out, len(plain.err.splitlines())) == ("", 1)
    assert text in plain.err
    assert text in as_json.json["error"]


@pytest.mark.parametrize("words", [["list"], ["status", "0-abc"], ["process", "{file}", "--pipeline", "words"], ["up"]])
def test_a_redis_that_is_not_there(docmill: Docmill, text_file: Path, words: list[str]) -> None:
    """One line with the URL and the fix, without the password; exit code 2."""
    given = [word.format(file=text_file) for word in words]
    answer = docmill(*given, redis_url=NOWHERE)
    assert answer.code == 2
    assert len(answer.err.splitlines()) == 1
    assert "redis://:***@127.0.0.1:1" in answer.err
    assert "DOCMILL_REDIS_URL" in answer.err
    assert "error" in docmill(*given, "--json", redis_url=NOWHERE).json


@pytest.mark.parametrize("url", ["http://host:6379", "redis://host:port", "redis://[", "host"])
def test_a_url_that_is_none_of_a_redis(docmill: Docmill, url: str) -> None:
    """One line that says what one looks like."""
    answer = docmill("lanes", redis_url=url)
    assert (answer.code, answer.out, len(answer.err.splitlines())) == (2, "", 1)
    assert "write redis://host:6379/0" in answer.err
    assert docmill("doctor", redis_url=url).code == 1


def test_what_to_try_names_the_command(docmill: Docmill) -> None:
    assert docmill("schedule", "add", "--odd").err.endswith("Try: docmill schedule add --help\n")
    assert docmill("odd").err.endswith("Try: docmill --help\n")


def test_settings_that_are_wrong_are_all_named(docmill: Docmill) -> None:
    """Together, not one after the other."""
    answer = docmill("list", lease="x", data_dir="")
    assert answer.code == 2
    assert "DOCMILL_LEASE" in answer.err


def test_a_pipeline_that_does_not_load_is_named(docmill: Docmill, text_file: Path) -> None:
    """Before anything is started."""
    answer = docmill("process", text_file, pipelines="nowhere:at_all")
    assert answer.code == 2
    assert "nowhere:at_all" in answer.err


def test_help_is_quick_and_complete(docmill: Docmill) -> None:
    """It names every command; none of the heavy parts is imported for it."""
    answer = docmill("--help")
    assert answer.code == 0
    commands = ["process", "submit", "status", "result", "list", "cancel", "workers", "top", "up", "down"]
    commands += ["worker", "api", "doctor", "bench"]
    assert all(command in answer.out for command in commands)
