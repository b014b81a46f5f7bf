"""`docmill logs`: a document's whole story, as its own state tells it, with what was unusual."""

import asyncio
from collections.abc import Callable, Iterable, Iterator
from contextlib import aclosing, suppress
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.options import DocumentId, Json

if TYPE_CHECKING:
    from orchestrator.following import Event

WAITED = 0.5
"""Seconds for which a job may be ready without a word about it."""
DIMMED = "dim"
PLACE = 18
"""Characters of the column that says which step."""


def logs(
    document: DocumentId,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on telling until it has ended.")] = False,
    json: Json = False,
) -> None:
    """Tell a document's story: what happened, when, on which attempt, and what was unusual.

    With --json it is a list of events; with --follow and --json, once the document has ended.
    """
    from orchestrator.cli.output import results, show_json

    telling = Telling()
    told: list[Event] = []

    def take(events: "Iterable[Event]") -> None:
        told.extend(events)
        for line in () if json else telling.lines(events):
            results().print(line, overflow="ignore", crop=False)

    with suppress(KeyboardInterrupt):
        asyncio.run(_tell(document, follow, take))
    if json:
        import msgspec

        show_json(msgspec.to_builtins(told))


async def _tell(document: str, follow: bool, take: "Callable[[Iterable[Event]], None]") -> None:
    from orchestrator.cli.connecting import reading
    from orchestrator.following import story

    async with reading() as mill, aclosing(story(mill, document)) as pages:
        async for page in pages:
            take(page)
            if not follow:
                return


class Telling:
    """Makes lines of events: a day when it begins, times beside it, what waited said where it began to run."""

    def __init__(self) -> None:
        self._day, self._ready, self._began = "", dict[str, float](), dict[str, float]()

    def lines(self, events: "Iterable[Event]") -> Iterator[str]:
        """Those of some more events."""
        waiting = {event.step: event for event in events if event.state == "ready"}
        for event in events:
            moment = datetime.fromisoformat(event.at).astimezone()
            if event.state == "ready" and event.kind == "step":
                self._ready[event.step] = moment.timestamp()
                continue
            waiting.pop(event.step, None)
            yield from self._line(event, moment)
        for event in waiting.values():
            yield from self._line(event, datetime.fromisoformat(event.at).astimezone())

    def _line(self, event: "Event", moment: datetime) -> Iterator[str]:
        from rich.markup import escape

        day = f"{moment:%Y-%m-%d}"
        if day != self._day:
            self._day = day
            yield f"[{DIMMED}]{day}[/]"
        clock = f"{moment:%H:%M:%S}.{moment.microsecond // 1000:03d}"
        place = escape(event.step or "document")
        yield f"[{DIMMED}]{clock}[/]  {place:<{PLACE}} {self._words(event, moment.timestamp())}".rstrip()

    def _words(self, event: "Event", now: float) -> str:
        from rich.markup import escape

        from orchestrator.cli.wording import coloured

        text = escape(event.text)
        match event.kind:
            case "log":
                return f"[yellow]{text}[/]"
            case "progress":
                return f"{event.done} of {event.total}"
            case "step" if event.state == "leased":
                return f"runs{self._told(self._start(event, now))}"
            case _:
                return f"{coloured(event.state)}{self._told(self._end(event, now))}" + (f" {text}" if text else "")

    def _start(self, event: "Event", now: float) -> Iterator[str]:
        from orchestrator.cli.wording import took

        self._began[event.step] = now
        if event.attempt > 1:
            yield f"attempt {event.attempt}"
        waited = now - self._ready.get(event.step, now)
        if waited >= WAITED:
            yield f"waited {took(waited)}"

    def _end(self, event: "Event", now: float) -> Iterator[str]:
        """Of a step, or of the document, whose first event is that it is queued."""
        from orchestrator.cli.wording import took
        from orchestrator.states import FINAL_DOCUMENT, FINAL_JOB

        if event.state in (FINAL_JOB if event.step else FINAL_DOCUMENT) and event.step in self._began:
            yield f"after {took(now - self._began[event.step])}"
        self._began.setdefault(event.step, now)

    def _told(self, words: Iterator[str]) -> str:
        told = ", ".join(words)
        return f" [{DIMMED}]{told}[/]" if told else ""
