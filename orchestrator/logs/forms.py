"""The two forms of a line: JSON for programs, columns for people."""

import sys
import time
from datetime import datetime
from typing import Any

import msgspec
import structlog

from orchestrator.logs.context import bound
from orchestrator.logs.faults import told as told_of

FOR_MACHINES = frozenset({"timestamp", "level", "logger", "worker", "pipeline", "delivery", "request"})
"""What a person at a terminal does not need on each line."""
EVENT_WIDTH = 18
"""Characters: most events are shorter, so that what follows stands in a column."""

_encode = msgspec.json.Encoder(enc_hook=str).encode


class _Clock:
    """ISO 8601, UTC, to the millisecond; what changes once a second is made once a second."""

    def __init__(self) -> None:
        self._second, self._text = 0, ""

    def now(self) -> str:
        now = time.time()
        second = int(now)
        if second != self._second:
            self._text, self._second = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(second)), second
        return f"{self._text}.{int((now - second) * 1000):03d}Z"


_clock = _Clock()


def as_json(level: str, told: dict[str, Any]) -> bytes:
    """One JSON object."""
    return _encode(_whole(level, told))


class Columns:
    """For people: local time, level, event, then what it is about.

    Args:
        colours: whether the terminal has them.
    """

    def __init__(self, colours: bool) -> None:
        self._render = structlog.dev.ConsoleRenderer(colors=colours, sort_keys=False, pad_event_to=EVENT_WIDTH)

    def __call__(self, level: str, told: dict[str, Any]) -> bytes:
        """One line."""
        line = {name: value for name, value in _whole(level, told).items() if _is_for_people(name, value)}
        start = {"timestamp": datetime.now().strftime("%H:%M:%S"), "level": level}
        return str(self._render(None, level, start | line)).encode(errors="backslashreplace")


def _is_for_people(name: str, value: object) -> bool:
    return name not in FOR_MACHINES and value not in (None, "") and (name, value) != ("tenant", "default")


def _whole(level: str, told: dict[str, Any]) -> dict[str, Any]:
    """A whole line: what happened, to what, and where an exception came from."""
    line = {"timestamp": _clock.now(), "level": level, "event": told.pop("event")}
    fault = told.pop("exc_info", None)
    line.update(bound())
    line.update(told)
    if fault:
        line.update(_fault(fault))
    return line


def _fault(given: Any) -> dict[str, object]:
    problem = sys.exception() if given is True else given[1] if isinstance(given, tuple) else given  # pyright: ignore[reportUnknownVariableType]
    return told_of(problem) if isinstance(problem, BaseException) else {}
