"""The lines of a batch: what each document is made of, and why a line is refused."""

import codecs
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, cast

import msgspec

from orchestrator.errors import UsageError

MOST_LINES = 50_000
"""Of one batch."""
LONGEST_ID = 200
"""Characters of a custom id."""
CHUNK = 1024 * 1024
"""Bytes read at once."""


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One document to be.

    Args:
        parameters: of the pipeline.
        path: a file of this machine, for a pipeline that takes one.
        text: its content instead; where the pipeline has a parameter `text`, that.
        custom_id: what its sender calls it: the outcome has it too. It is kept as it is, and is no place for secrets.
    """

    parameters: dict[str, Any] = {}
    path: str | None = None
    text: str | None = None
    custom_id: str | None = None


class BadLine(UsageError):
    """A line that cannot be a document; the text says why."""


def read_lines(file: IO[bytes]) -> Iterator[Line | BadLine]:
    """The lines of a JSONL file; a line that is none is told in its place. Empty ones count, and are refused."""
    for number, raw in enumerate(file):
        yield read_line(raw if number else raw.removeprefix(codecs.BOM_UTF8))


def read_line(raw: bytes) -> Line | BadLine:
    """One line: an object with the fields of `Line`, or a string, the path of a file."""
    if not raw.strip():
        return BadLine("the line is blank")
    try:
        found = msgspec.json.decode(raw, type=Line | str)
    except msgspec.DecodeError as problem:
        return BadLine(
            f"{problem}: a line is an object with parameters, path, text or custom_id, or the path of a file as a string"
        )
    if isinstance(found, str):
        return Line(path=found)
    if found.path is not None and found.text is not None:
        return BadLine("a line has a path or a text, not both")
    return found


def line_of(given: Any) -> Line:
    """What a program gives as a line: one, or the parameters alone.

    Raises:
        UsageError: it is neither, or is called too much.
    """
    if isinstance(given, Line):
        if len(given.custom_id or "") > LONGEST_ID:
            raise UsageError(f"its custom_id has {len(given.custom_id or '')} characters: {LONGEST_ID} are the most")
        return given
    if not isinstance(given, Mapping):
        raise UsageError(
            f"a line is the parameters of a document by name, or a Line; this is of type {type(given).__name__}"
        )
    return Line(dict(cast("Mapping[str, Any]", given)))


def names_of(lines: Iterable[tuple[int, object]]) -> dict[int, str]:
    """What their sender calls them, by their numbers; of what is too long, the beginning."""
    named = [(number, line.custom_id) for number, line in lines if isinstance(line, Line)]
    return {number: name[:LONGEST_ID] for number, name in named if name}


def count_lines(file: IO[bytes], most: int = MOST_LINES) -> int:
    """How many lines a file has, from where it stands; at most one more than `most`. They are not kept.

    The file is left at its end.
    """
    count, last = 0, b"\n"
    while count <= most and (part := file.read(CHUNK)):
        count, last = count + part.count(b"\n"), part[-1:]
    return min(count + (last != b"\n"), most + 1)


def lines_of(paths: Sequence[Path]) -> list[Line]:
    """One line for each file."""
    return [Line(path=str(path)) for path in paths]
