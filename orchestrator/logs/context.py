"""What a line is about: of this process, and of the work that it does just now."""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

Words = Mapping[str, object]

_process: dict[str, object] = {}
_nothing: Words = MappingProxyType({})
_work: ContextVar[Words] = ContextVar("docmill_log", default=_nothing)


def identify(**words: object) -> None:
    """Say what this process is; each of its lines has it, in every thread."""
    _process.update(words)


@contextmanager
def about(words: Words) -> Generator[None]:
    """Each line that is written inside has these words too, also in the tasks that begin there; threads begin without."""
    token = _work.set({**_work.get(), **words})
    try:
        yield
    finally:
        _work.reset(token)


def bound() -> dict[str, object]:
    """All that is known of a line that is written here."""
    return {**_work.get(), **_process}
