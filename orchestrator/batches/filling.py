"""Filling a batch: a few documents a call, each line's own faults written down, and safe to do again from the start."""

import asyncio
import math
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from orchestrator import admission
from orchestrator.admission import USUAL
from orchestrator.batches.lines import MOST_LINES, BadLine, Line, line_of, names_of
from orchestrator.calls.batches import BatchCalls
from orchestrator.errors import UsageError
from orchestrator.failpoints import failpoint
from orchestrator.graph import Pipeline
from orchestrator.ids import member_id
from orchestrator.keys import Keys, shard_of
from orchestrator.source import Source, store_source
from orchestrator.tracing import current

if TYPE_CHECKING:
    from orchestrator.submitting import Submitting

CHUNK = 32
"""Documents that one call accepts: less than a millisecond of the server's time."""

Given = Line | BadLine | Mapping[str, Any]
Ending = tuple[Pipeline, str]
"""An aggregate, and what it is given besides the batch: JSON without the braces."""

Opener = Callable[[str], tuple[str, IO[bytes]]]


def open_path(path: str) -> tuple[str, IO[bytes]]:
    """A file of this machine: its name, and its content for the caller to close."""
    return Path(path).name, Path(path).open("rb")


@dataclass(frozen=True)
class Terms:
    """What holds for all documents of a batch."""

    pipeline: Pipeline
    priority: int = USUAL
    tenant: str = "default"
    lanes: Mapping[str, str] = field(default_factory=dict[str, str])
    delay: float = 0.0
    deadline: float | None = None

    @classmethod
    def of(cls, pipeline: Pipeline, **options: Any) -> "Terms":
        """Check them.

        Raises:
            UsageError: a priority, a lane or a deadline that cannot be.
        """
        terms = cls(pipeline, **{name: value for name, value in options.items() if value is not None})
        admission.check(pipeline, terms.priority, terms.lanes)
        if terms.deadline is not None:
            admission.deadline(terms.deadline)
        return terms

    @property
    def words(self) -> dict[str, Any]:
        """As the script's call takes them."""
        limit = self.pipeline.deadline if self.deadline is None else self.deadline
        told = {"priority": self.priority, "tenant": self.tenant, "lanes": self.lanes}
        return {**told, "delay": self.delay, "deadline": limit}


@dataclass(frozen=True)
class Filling:
    """One batch that is being submitted.

    Args:
        resumed: whether some of its lines may be there already; then their files are not copied again.
        opened: opens the file that a line names, and tells its name; an OSError, a UsageError refuses the line.
        patience: seconds for which a full lane is waited for.
    """

    mill: "Submitting"
    batch: str
    terms: Terms
    resumed: bool
    opened: Opener = open_path
    patience: float = math.inf

    @property
    def _calls(self) -> BatchCalls:
        return BatchCalls(Keys(shard_of(self.batch)))

    async def open(self, ending: Ending | None, name: str) -> None:
        """Begin, or go on.

        Raises:
            UsageError: it takes no more lines.
        """
        aggregate, given = ("", "") if ending is None else (ending[0].id, ending[1])
        if ending is not None:
            await self.mill.register(ending[0])
        terms, kept = self.terms, max(self.terms.pipeline.retention, self.terms.pipeline.retention_failed)
        call = self._calls.open(
            self.batch, terms.pipeline.id, priority=terms.priority, tenant=terms.tenant, aggregate=aggregate, given=given,
            retention=kept, name=name, trace=current(),
        )  # fmt: skip
        state = await self.mill.transport.send(call)
        if state != "opened":
            raise UsageError(f"batch {self.batch} takes no more lines: it is {state}")

    async def fill(self, lines: Iterable[Given]) -> None:
        """Submit all lines.

        Raises:
            UsageError: there are too many; those before are in, and the batch stays open.
        """
        numbered = enumerate(lines, 1)
        while chunk := await asyncio.to_thread(lambda: list(islice(numbered, CHUNK))):
            await self.take(chunk)

    async def take(self, chunk: Sequence[tuple[int, Given]]) -> None:
        """Submit some lines, `CHUNK` at most, each with its number.

        Raises:
            UsageError: there are too many; those before are in, and the batch stays open.
        """
        if chunk[-1][0] > MOST_LINES:
            raise UsageError(f"a batch may have {MOST_LINES} lines: split it (batch {self.batch} has those before)")
        await self._submit(chunk)
        failpoint("batch.chunk")

    async def _submit(self, chunk: Sequence[tuple[int, Given]]) -> None:
        there = await self._there([line for line, _ in chunk]) if self.resumed else set[int]()
        missing = [(line, given) for line, given in chunk if line not in there]
        made = await asyncio.to_thread(lambda: [(line, self._made(line, given)) for line, given in missing])
        good = [(member_id(self.batch, line), value) for line, value in made if not isinstance(value, UsageError)]
        if names := names_of(missing):
            await self.mill.transport.send(self._calls.name(self.batch, names))
        # Before the documents: who reads the batch counts its lines by both, and must miss none that was accepted.
        refused = {line: str(value) for line, value in made if isinstance(value, UsageError)}
        if refused:
            await self.mill.transport.send(self._calls.refuse(self.batch, refused))
        if good:
            unwanted = {document: left_out for document, (_, left_out) in good if left_out}
            documents = [(document, value) for document, (value, _) in good]
            words: dict[str, Any] = {**self.terms.words, "patience": self.patience, "trace": current()}
            await self.mill.submit_members(self.terms.pipeline, documents, self.batch, unwanted, **words)

    async def _there(self, lines: Sequence[int]) -> set[int]:
        calls = [self.mill.calls.exists(member_id(self.batch, line)) for line in lines]
        return {line for line, there in zip(lines, await self.mill.transport.send_all(calls), strict=True) if there}

    def _made(self, line: int, given: Given) -> tuple[bytes, str] | UsageError:
        """A line's input, and the steps that it leaves out; or why it is none."""
        try:
            return self._input(member_id(self.batch, line), given)
        except UsageError as problem:
            return problem
        except OSError as problem:  # that of a line's own file was told by `_content`
            raise UsageError(
                f"line {line}: the blob store refuses it ({problem.strerror or problem}): see DOCMILL_BLOB_URL; "
                f"batch {self.batch} has the lines before"
            ) from problem

    def _input(self, document: str, given: Given) -> tuple[bytes, str]:
        if isinstance(given, BadLine):
            raise given
        line = line_of(given)
        parameters, pipeline = dict(line.parameters), self.terms.pipeline
        if line.path is not None or (line.text is not None and "text" not in pipeline.parameters):
            if "source" not in pipeline.parameters:
                raise UsageError(f"pipeline {pipeline.name!r} takes no file: it has no parameter 'source'")
            pipeline.input_json({**parameters, "source": Source("", "")})  # refused before anything is stored
            with self._content(line) as (name, content):
                parameters["source"] = store_source(self.mill.blobs, document, name, content)
        elif line.text is not None:
            parameters["text"] = line.text
        value = pipeline.input_json(parameters)
        return self.mill.by_reference(pipeline, document, value), pipeline.unwanted(parameters)

    @contextmanager
    def _content(self, line: Line) -> Generator[tuple[str, IO[bytes]]]:
        """A line's file, and its name.

        Raises:
            UsageError: it cannot be opened.
        """
        if line.path is None:
            yield "text.txt", BytesIO((line.text or "").encode())
            return
        try:
            name, content = self.opened(line.path)
        except (OSError, ValueError) as problem:
            why = getattr(problem, "strerror", None) or problem
            raise UsageError(f"{line.path}: cannot be read ({why})") from None
        with content:
            yield name, content
