"""What a line is about: of this process, and of the work that it does just now."""

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar, Token
from typing import Any

Words = Mapping[str, object]


_Work = tuple[Callable[[], Words], Any]
"""What is being done, and what that is a part of. Its words are made only where a line is written: most work says nothing."""

_process: dict[str, object] = {}
_work: ContextVar[_Work | None] = ContextVar("docmill_log", default=None)


def identify(**words: object) -> None:
    """Say what this process is; each of its lines has it, in every thread."""
    _process.update(words)


def begin(words: Callable[[], Words]) -> "Token[_Work | None]":
    """Each line has these words too from now on, also in the tasks that begin here, until `end`; threads begin without."""
    return _work.set((words, _work.get()))


def end(begun: "Token[_Work | None]") -> None:
    """What was begun is over."""
    _work.reset(begun)


@contextmanager
def about(words: Words) -> Generator[None]:
    """Each line that is written inside has these words too."""
    begun = begin(lambda: words)
    try:
        yield
    finally:
        end(begun)


def bound() -> dict[str, object]:
    """All that is known of a line that is written here."""
    work, parts = _work.get(), list[Words]()
    while work is not None:
        words, work = work
        parts.append(words())
    found: dict[str, object] = {}
    for part in reversed(parts):
        found.update(part)
    found.update(_process)
    return found
