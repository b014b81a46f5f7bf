"""The two forms of a line, and whose logging it is."""

import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from orchestrator.logs import about, configure_logs, logger
from orchestrator.logs.forms import Columns, as_json
from orchestrator.logs.writing import reset_logs
from orchestrator.settings import Settings

Spoken = Callable[[], list[dict[str, Any]]]


@pytest.fixture
def spoken(capsys: pytest.CaptureFixture[str]) -> Iterator[Spoken]:
    """What this process logs, once it is configured as docmill's own are."""
    yield lambda: [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    reset_logs()


def test_a_program_gets_json(spoken: Spoken) -> None:
    """stderr is no terminal: one object a line, what it is about before what else is said."""
    configure_logs(Settings())
    with about({"document": "0-1"}):
        logger("m").info("step done", seconds=0.5)
    (line,) = spoken()
    assert line.pop("timestamp").endswith("Z")
    assert list(line.items()) == [
        ("level", "info"), ("event", "step done"), ("document", "0-1"), ("seconds", 0.5), ("logger", "m"),
    ]  # fmt: skip


def test_a_person_gets_columns() -> None:
    """Without what only programs need, nor a tenant where there is but one."""
    told = {"event": "step done", "document": "0-1", "tenant": "default", "pipeline": "p@1", "logger": "m"}
    _, level, rest = Columns(colours=False)("info", dict(told)).decode().split(maxsplit=2)
    assert level == "[info" and rest.split() == ["]", "step", "done", "document=0-1"]
    assert b"tenant=acme" in Columns(colours=False)("info", told | {"tenant": "acme"})


def test_an_exception_is_told_by_class_and_place(spoken: Spoken) -> None:
    """Its text may quote a document: also where it ends a process, or a library logs it."""
    configure_logs(Settings())
    try:
        raise ValueError("Dear Mr Abernathy")
    except ValueError as problem:
        logging.getLogger("a.library").exception("it failed")
        sys.excepthook(ValueError, problem, problem.__traceback__)
    first, second = spoken()
    assert "Abernathy" not in str((first, second))
    assert first["error"] == second["error"] == "ValueError"
    assert first["at"][-1].startswith("test_forms.py:") and second["event"] == "the process ends of an error"


def test_the_level_is_a_setting(spoken: Spoken) -> None:
    """Of docmill's lines and of all others."""
    configure_logs(Settings(log_level="warning"))
    logger("m").info("quiet")
    logging.getLogger("other").info("quiet")
    logger("m").warning("loud")
    assert [line["event"] for line in spoken()] == ["loud"]


def test_in_a_program_that_is_not_docmills_its_own_logging_is_used(caplog: pytest.LogCaptureFixture) -> None:
    """A client writes nothing by itself."""
    with about({"document": "0-1"}):
        logger("orchestrator.x").warning("a result is not kept", size=3)
    assert caplog.messages == ["a result is not kept document=0-1 size=3"]


def test_what_cannot_be_encoded_is_still_one_line() -> None:
    """Whatever somebody gives."""
    assert json.loads(as_json("info", {"event": "x", "given": {1, 2}, "of": object}))["event"] == "x"
