"""Where the lines of a batch come from: a JSONL file, standard input, or one document a file. They are counted first."""

import sys
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from orchestrator.batches.lines import CHUNK, MOST_LINES, BadLine, Line, count_lines, lines_of, read_lines
from orchestrator.errors import UsageError

JSONL = frozenset({".jsonl", ".ndjson"})
STANDARD_INPUT = Path("-")


class Lines(NamedTuple):
    """How many there are, and they, read one after the other."""

    total: int
    each: Iterator[Line | BadLine]


def is_of_files(paths: Sequence[Path]) -> bool:
    """Whether each is a document.

    Raises:
        UsageError: a list of lines among others.
    """
    lists = [path for path in paths if path == STANDARD_INPUT or path.suffix.lower() in JSONL]
    if lists and len(paths) > 1:
        raise UsageError(f"{lists[0]} is a list of lines: give it alone, or only files that are a document each")
    return not lists


@contextmanager
def opened(paths: Sequence[Path], common: Mapping[str, Any]) -> Generator[Lines]:
    """The lines.

    Args:
        common: parameters of all of them, where a line has none of its own.

    Raises:
        UsageError: it cannot be read, has no lines, or too many.
    """
    if is_of_files(paths):
        yield Lines(_checked(len(paths), f"{len(paths)} files"), _with(lines_of(paths), common))
        return
    with _opened(paths[0]) as file:
        total = _checked(count_lines(file), str(paths[0]))
        file.seek(0)
        yield Lines(total, _with(read_lines(file), common))


def _checked(total: int, what: str) -> int:
    if not total:
        raise UsageError(f"{what}: there are no lines")
    if total > MOST_LINES:
        raise UsageError(f"{what}: a batch may have {MOST_LINES} lines: split it")
    return total


def _with(lines: "Iterator[Line | BadLine] | list[Line]", common: Mapping[str, Any]) -> Iterator[Line | BadLine]:
    for line in lines:
        yield line if isinstance(line, BadLine) else Line({**common, **line.parameters}, line.path, line.text)


@contextmanager
def _opened(path: Path) -> Generator[IO[bytes]]:
    if path == STANDARD_INPUT:
        with TemporaryFile() as copy:
            _copy(sys.stdin.buffer, copy)
            yield copy
        return
    try:
        file = path.open("rb")
    except OSError as problem:
        raise UsageError(f"{path}: cannot be read ({problem.strerror})") from None
    with file:
        yield file


def _copy(source: IO[bytes], copy: IO[bytes]) -> None:
    """All of it, or so much that there are too many lines."""
    count = 0
    while count <= MOST_LINES and (part := source.read(CHUNK)):
        count += part.count(b"\n")
        copy.write(part)
    copy.seek(0)
