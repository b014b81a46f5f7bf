"""Progress of a batch: a bar on a terminal, a line at each tenth elsewhere; always on stderr."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from orchestrator.cli.output import notes

if TYPE_CHECKING:
    from rich.console import Console
    from rich.progress import Progress

TENTHS = 10


class Bar(Protocol):
    """Shows how far something is."""

    def show(self, done: int, total: int, words: str = "") -> None:
        """As it is now."""
        ...


class Drawn:
    """On a terminal."""

    def __init__(self, progress: "Progress", what: str) -> None:
        self._progress, self._task = progress, progress.add_task(what, total=None, words="")

    def show(self, done: int, total: int, words: str = "") -> None:
        """Move it; drawn from here on, so that what is printed before has a line of its own."""
        self._progress.start()
        self._progress.update(self._task, completed=done, total=total, words=words)


class Told:
    """Elsewhere."""

    def __init__(self, console: "Console", what: str) -> None:
        self._console, self._what, self._last = console, what, 0

    def show(self, done: int, total: int, words: str = "") -> None:
        """Say so, if another tenth is done."""
        tenth = done * TENTHS // total if total else TENTHS
        if tenth > self._last:
            self._last = tenth
            self._console.print(f"{self._what}: {done} of {total}{words and f', {words}'}")


@contextmanager
def bar(what: str) -> Generator[Bar]:
    """What fits where stderr goes."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = notes()
    if not console.is_terminal:
        yield Told(console, what)
        return
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TimeElapsedColumn())
    progress = Progress(*columns, TextColumn("{task.fields[words]}"), console=console, transient=True)
    try:
        yield Drawn(progress, what)
    finally:
        progress.stop()
