"""Progress: bars on a terminal, one line an event elsewhere; always on stderr."""

from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from orchestrator.cli.entries import Entry
from orchestrator.cli.output import notes
from orchestrator.cli.watching import Display
from orchestrator.cli.wording import coloured, doing, share_done, step_words, took

if TYPE_CHECKING:
    from rich.console import Console

MOST_BARS = 12
"""Documents that have a bar at a time; the others have their turn when one ends."""
LONGEST_NAME = 32


class Bars:
    """A bar for each of some documents, and one for all of them."""

    def __init__(self, progress: Progress, count: int) -> None:
        self._progress = progress
        self._bars: dict[int, TaskID] = {}
        self._ended: set[int] = set()
        self._all = progress.add_task(f"[bold]{count} documents[/]", total=count, doing="", visible=count > 1)

    def show(self, entry: Entry) -> None:
        """Move the entry's bar; an ended one becomes a line above the bars."""
        if id(entry) in self._ended:
            return
        if entry.is_final:
            self._end(entry)
        elif entry.document is not None and (bar := self._bar(entry)) is not None:
            share, words = share_done(entry.document), doing(entry.document)
            self._progress.update(bar, completed=share, doing=escape(words))

    def _bar(self, entry: Entry) -> TaskID | None:
        if id(entry) not in self._bars:
            waits = entry.status == "queued" and len(self._bars) >= MOST_BARS // 2
            if waits or len(self._bars) >= MOST_BARS:
                return None
            self._bars[id(entry)] = self._progress.add_task(escape(_short(entry.name)), total=1.0, doing="")
        return self._bars[id(entry)]

    def _end(self, entry: Entry) -> None:
        self._ended.add(id(entry))
        if (bar := self._bars.pop(id(entry), None)) is not None:
            self._progress.remove_task(bar)
        self._progress.console.print(_ending(entry))
        self._progress.update(self._all, completed=len(self._ended), doing=f"{len(self._ended)} ended")


class Lines:
    """One line for each thing that happens."""

    def __init__(self, console: "Console") -> None:
        self._console = console
        self._seen: dict[int, dict[str, str]] = {}

    def show(self, entry: Entry) -> None:
        """Print what is new about it."""
        seen = self._seen.setdefault(id(entry), {})
        if "end" in seen:
            return
        if entry.id is not None and "submitted" not in seen:
            seen["submitted"] = entry.id
            self._print(entry, f"submitted as {entry.id}")
        for step, words in _happened(entry).items():
            if seen.get(step) != words:
                seen[step] = words
                self._print(entry, words)
        if entry.is_final:
            seen["end"] = "yes"
            self._console.print(_ending(entry))

    def _print(self, entry: Entry, words: str) -> None:
        self._console.print(escape(f"{entry.name}: {words}"))


@contextmanager
def display(count: int) -> Generator[Display]:
    """What fits where stderr goes."""
    console = notes()
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        TextColumn("{task.fields[doing]}"),
    )
    with Progress(*columns, console=console, transient=True) as progress:
        yield Bars(progress, count)


def _happened(entry: Entry) -> dict[str, str]:
    """What a line says of each step that has begun: a fan-out speaks at each tenth."""
    told: dict[str, str] = {}
    for step in entry.document.steps if entry.document else ():
        if step.state in {"done", "failed", "skipped"}:
            told[step.name] = f"{step_words(step)} {step.state}"
        elif step.waits_for and step.waits_for != "its turn":
            told[step.name] = f"{step.name} waits for {step.waits_for}"
        elif step.total and step.done and step.done * 10 // step.total:
            told[step.name] = f"{step.name}: {step.done * 10 // step.total * 10} % of {step.total}"
        elif step.state == "leased":
            told[step.name] = f"{step.name} runs"
    return told


def _ending(entry: Entry) -> str:
    reason = f": {entry.reason}" if entry.reason else ""
    return f"{escape(entry.name)}: {coloured(entry.status)}{escape(reason)} {took(entry.seconds)}".rstrip()


def _short(name: str) -> str:
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1] + "…"
