"""A summary of a text of any length: parts that fit are summarised, then what was written of them, until it is one."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from orchestrator import Fatal
from orchestrator.findings import Summary
from worker.models.llm import LLM
from worker.models.llm_client import DoesNotFit
from worker.summaries.asking import Checked, answer_tokens, extract, instruction, summary_of
from worker.summaries.grounding import Ground
from worker.summaries.parting import parts_of
from worker.summaries.sentences import joined, words_of
from worker.summaries.splitting import from_afar, spread

AT_ONCE = 4
"""Requests of one document at a time: others want the server too."""
NOTE_WORDS = 60
"""Of the summary of one part, where the whole may have so many."""
SMALL_CONTEXT = 8192
MOST_PARTS, MOST_PARTS_SMALL = 256, 6
"""Where the setting is None: a context below `SMALL_CONTEXT` means a small model, often on a CPU."""
READING_SHARE = 0.6
"""Of the time until the step's soft limit in which parts are begun; the rest is for merging them."""
LEAST_ROOM = 200
"""Tokens of text that a request must have room for."""
SHARES = (1.0, 0.5, 0.25)
"""Of the room, tried in turn where the server cannot count and finds more tokens than were guessed."""
SHORTEST_HALVED = 200
"""Characters: what is shorter and still too long for the server is the server's fault."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Bounds:
    """Of one summary.

    Args:
        most_words: of the summary.
        most_parts: how many parts of a long text are read; None goes by the server's context.
        deadline: on the clock of `time.monotonic()`.
    """

    most_words: int
    most_parts: int | None = None
    deadline: float | None = None


class Writer:
    """Writes one summary.

    Args:
        llm: asked.
        text: the document.
        lang: its language, ISO 639-1; empty is not known.
        bounds: of the summary.
        progress: told after each part.
    """

    def __init__(self, llm: LLM, text: str, lang: str, bounds: Bounds, progress: Progress) -> None:
        self._llm, self._text, self._lang = llm, text, lang
        self._bounds, self._progress = bounds, progress
        self._turn = asyncio.Semaphore(AT_ONCE)
        self.was_late = False
        """Whether parts were left out for lack of time."""
        deadline = bounds.deadline
        self._begin_until = (
            None if deadline is None else time.monotonic() + READING_SHARE * (deadline - time.monotonic())
        )

    async def write(self) -> Summary:
        """The summary: within its words, of whole sentences, each number, date and name in it from the text.

        Raises:
            Fatal: the server refuses. Retry: it failed. Unavailable: it is down or busy.
        """
        self._ground = await asyncio.to_thread(Ground, self._text, self._lang)
        for share in SHARES:
            self._share = share
            source, parts, read = await self._notes(self._text, first=True)
            try:
                kept, dropped, how = await self._final(source)
            except DoesNotFit:  # its tokens were guessed, and too low
                continue
            summary = joined(kept)
            return Summary(summary, words_of(summary), parts, dropped, round(read, 4), how)
        raise DoesNotFit(
            f"the LLM server finds the text too long, in however many parts it is sent: {self._llm.client.url}"
        )

    async def _final(self, source: str) -> tuple[list[str], list[str], str]:
        """(sentences, what was left out, by whom): a second request where the first says what the text does not say."""
        first = await self._asked(source, [])
        if not first.wrong:
            found = first
        else:
            second = await self._asked(source, first.wrong)
            found = second if second.kept or not first.kept else Checked(first.kept, second.dropped, [])
        if found.kept:
            return found.kept, found.dropped, "model"
        return extract(self._text, self._bounds.most_words), found.dropped, "extract"

    async def _asked(self, source: str, wrong: list[str]) -> Checked:
        async with self._turn:
            return await summary_of(self._llm, source, self._bounds.most_words, self._ground, wrong)

    async def _notes(self, text: str, *, first: bool) -> tuple[str, int, float]:
        """(a text that fits, of how many parts of this one it was made, the share of this one that was read)."""
        most_words = self._bounds.most_words
        room = await self._llm.room(instruction(most_words, ["x" * 400]), answer_tokens(text, most_words))
        if room < LEAST_ROOM:
            raise Fatal(
                f"a summary of {most_words} words leaves too little room for the text in the context of the LLM server, "
                f"{await self._llm.client.context()} tokens: ask for fewer words (max_words)"
            )
        parts = await parts_of(self._llm.client.tokens, text, int(room * self._share))
        if len(parts) <= 1:
            return text, 1, 1.0
        chosen = from_afar(spread(len(parts), await self._most_parts() if first else len(parts)))
        notes = await self._together(parts, chosen, first=first)
        read = sum(len(parts[index]) for index in notes) / sum(map(len, parts))
        merged, _, _ = await self._notes("\n\n".join(notes[index] for index in sorted(notes)), first=False)
        return merged, len(notes), min(1.0, read)

    async def _together(self, parts: list[str], chosen: list[int], *, first: bool) -> dict[int, str]:
        """What was written of each part that was read, by its index; some at a time."""
        notes: dict[int, str] = {}
        words = min(NOTE_WORDS, self._bounds.most_words) if first else max(10, self._bounds.most_words // 3)

        async def read(index: int) -> None:
            async with self._turn:
                if first and notes and self._is_late():
                    self.was_late = True
                    return
                notes[index] = await self._note(parts[index], words)
            if first:
                await asyncio.to_thread(self._progress, len(notes), len(chosen))

        try:
            async with asyncio.TaskGroup() as tasks:
                for index in chosen:
                    tasks.create_task(read(index))
        except ExceptionGroup as problems:
            raise problems.exceptions[0] from None
        return notes

    def _is_late(self) -> bool:
        return self._begin_until is not None and time.monotonic() > self._begin_until

    async def _note(self, part: str, words: int) -> str:
        """What one part says; a part that the server finds too long after all is read in two halves."""
        try:
            found = await summary_of(self._llm, part, words, self._ground)
        except DoesNotFit:
            if len(part) < SHORTEST_HALVED:
                raise
            middle = len(part) // 2
            return "\n".join([await self._note(half, words) for half in (part[:middle], part[middle:])])
        return joined(found.kept or extract(part, words))

    async def _most_parts(self) -> int:
        if self._bounds.most_parts is not None:
            return self._bounds.most_parts
        return MOST_PARTS if await self._llm.client.context() >= SMALL_CONTEXT else MOST_PARTS_SMALL
