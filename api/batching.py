"""From the lines of a request to a batch: a few at a time, and never all of them in memory."""

import asyncio
import codecs
from collections.abc import AsyncGenerator, AsyncIterable, Generator, Sequence
from contextlib import contextmanager
from typing import IO

from api.inputs import Inputs
from api.priorities import priority_for
from api.problems import LATER, SOON, Problem, invalid, pointer
from api.schemas import Fault
from api.wire.batches import BatchTerms
from orchestrator.access import Access
from orchestrator.batches.filling import CHUNK, Filling
from orchestrator.batches.lines import BadLine, Line, read_line
from orchestrator.batches.views import BatchView
from orchestrator.client import Mill
from orchestrator.errors import LaneFull, NotFound, UnknownBatch, UsageError
from orchestrator.graph import Pipeline
from orchestrator.graph.types import mentions
from orchestrator.source import Source

LONGEST_LINE = 1 << 20
"""Bytes: larger content is a file."""
MOST_BYTES = 4 << 20
"""Of the lines that are looked at together."""
PATIENCE = 10.0
"""Seconds for which a full lane is waited for."""

Lines = Sequence[Line | bytes | None]
"""As they come: read, or raw, or None of one that is too long."""


async def submit_lines(
    mill: Mill, inputs: Inputs, access: Access, terms: BatchTerms, chunks: AsyncIterable[Lines]
) -> BatchView:
    """Open a batch, fill it, close it.

    Raises:
        Problem: it cannot be; the text says what is in already.
    """
    pipeline = _pipeline(mill, terms.pipeline, "pipeline")
    if terms.aggregate is not None:
        _pipeline(mill, terms.aggregate, "aggregate")
    filling = await _open(mill, inputs, access, terms)
    with _told_with(filling.batch):
        first = 1
        async for chunk in chunks:
            lines = await asyncio.to_thread(_read, pipeline, chunk)
            await filling.take(list(enumerate(lines, first)))
            first += len(lines)
        return await mill.close_batch(filling.batch)


async def split(stream: AsyncIterable[bytes]) -> AsyncGenerator[Lines, None]:
    """The lines of a body as it comes, some at a time."""
    some: list[bytes | None] = []
    size = 0
    async for line in _lines(stream):
        some.append(line)
        size += len(line or b"")
        if len(some) == CHUNK or size >= MOST_BYTES:
            yield some
            some, size = [], 0
    if some:
        yield some


async def ready(lines: Sequence[Line]) -> AsyncGenerator[Lines, None]:
    """Lines that are there already, some at a time."""
    for first in range(0, len(lines), CHUNK):
        yield lines[first : first + CHUNK]


async def _lines(stream: AsyncIterable[bytes]) -> AsyncGenerator[bytes | None, None]:
    """Each line without its end; None of one that is too long, of which no more is kept than that."""
    kept, is_long, is_first = bytearray(), False, True
    async for part in stream:
        *ends, rest = part.split(b"\n")
        for end in ends:
            kept += end
            whole = None if is_long or len(kept) > LONGEST_LINE else bytes(kept)
            yield whole.removeprefix(codecs.BOM_UTF8) if whole and is_first else whole
            kept, is_long, is_first = bytearray(), False, False
        kept += rest
        if len(kept) > LONGEST_LINE:
            kept, is_long = bytearray(), True
    if kept or is_long:
        yield None if is_long else bytes(kept).removeprefix(codecs.BOM_UTF8 if is_first else b"")


def _read(pipeline: Pipeline, chunk: Lines) -> list[Line | BadLine]:
    return [_line(pipeline, one) for one in chunk]


def _line(pipeline: Pipeline, raw: Line | bytes | None) -> Line | BadLine:
    if raw is None:
        return BadLine(f"a line may have {LONGEST_LINE} bytes: what is larger is a file, given as path")
    try:
        line = read_line(raw) if isinstance(raw, bytes) else raw
    except RecursionError:
        return BadLine("it is nested too deep")
    return line if isinstance(line, BadLine) else _without_sources(pipeline, line)


def _without_sources(pipeline: Pipeline, line: Line) -> Line | BadLine:
    """Only docmill says where an input lies and what it is, else one could read another's."""
    named = [name for name in line.parameters if mentions(pipeline.parameters.get(name), Source)]
    return BadLine(f"parameter {named[0]!r}: give the file as path or text") if named else line


async def _open(mill: Mill, inputs: Inputs, access: Access, terms: BatchTerms) -> Filling:
    def opened(path: str) -> tuple[str, IO[bytes]]:
        try:
            return inputs.open(path, access)
        except Problem as problem:
            raise UsageError(problem.detail) from None

    if terms.id is not None:
        await _refuse_closed(mill, access, terms.id)
    return await mill.open_batch(
        terms.pipeline, aggregate=terms.aggregate, given=terms.given, name=terms.name, batch=terms.id, opened=opened,
        patience=PATIENCE, priority=priority_for(access, terms.priority), tenant=access.tenant, lanes=terms.lanes,
        delay=terms.delay, deadline=terms.deadline,
    )  # fmt: skip


async def _refuse_closed(mill: Mill, access: Access, batch: str) -> None:
    try:
        view = await mill.batch(batch)
    except UnknownBatch:
        return
    if not access.sees(view.tenant):
        raise invalid([Fault("take another id: this one is in use", pointer("id"))])
    if view.state != "open":
        told = f"batch {batch} is {view.state} and takes no more lines: GET /v1/batches/{batch} tells of it"
        raise Problem("batch-closed", told)


@contextmanager
def _told_with(batch: str) -> Generator[None]:
    """What goes wrong on the way says how to go on."""
    again = f"batch {batch} has the lines before: send the same lines with the id {batch} to go on"
    try:
        yield
    except LaneFull as problem:
        raise Problem("lane-full", f"{problem}; {again}", retry_after=SOON) from None
    except UsageError as problem:
        if isinstance(problem.__cause__, OSError):
            raise Problem("storage-failed", f"{problem}; {again}", retry_after=LATER) from None
        raise


def _pipeline(mill: Mill, name: str, field: str) -> Pipeline:
    try:
        return mill.registry.named(name)
    except NotFound as problem:
        raise Problem("unknown-pipeline", str(problem), [Fault(str(problem), pointer(field))]) from None
