"""Which models the jobs that run now asked for: those are never evicted."""

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_current: ContextVar[set[str] | None] = ContextVar("_current", default=None)


class Usage:
    """The jobs of one process. Guarded by its owner's lock, but for `job`."""

    def __init__(self) -> None:
        self._open: list[set[str]] = []

    @contextmanager
    def job(self) -> Generator[None]:
        """What is asked for inside, by this task or thread, is in use until the block ends."""
        used = set[str]()
        self._open = [*self._open, used]
        before = _current.set(used)
        try:
            yield
        finally:
            _current.reset(before)
            self._open = [one for one in self._open if one is not used]

    def mark(self, name: str) -> None:
        """The current job uses it; asked from a thread that a step made, any of them may."""
        for used in self._mine():
            used.add(name)

    def all(self) -> set[str]:
        """What any job uses."""
        return set[str]().union(*self._open)

    def own(self) -> set[str]:
        """What the current job uses."""
        return set[str]().union(*self._mine())

    def _mine(self) -> list[set[str]]:
        current = _current.get()
        return [one for one in self._open if one is current] or self._open
