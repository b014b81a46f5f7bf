"""A program that opens a PDF before any slot does, under limits: whatever it unpacks to, this process alone bears it.

    python probe.py FILE BYTES MEMORY SECONDS

It imports nothing of docmill, so it starts at once. It ends with 0 where the file can be opened, with 3 or by a signal where
that would take too much. What is broken or protected by a password is told by who opens it next.
"""

import mmap
import re
import resource
import sys
import zlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

TOO_MUCH = 3
STREAM = re.compile(rb"(?<!end)stream\r?\n")
DICTIONARY = 2_000
"""Bytes before a stream within which it says that it is an image; the pixels of those are counted where they are drawn."""
READ, PIECE = 1 << 16, 1 << 20
"""Bytes that go into an unpacking, and come out, at once."""
DEEPEST = 5
"""Packings inside each other that are looked into."""


def main() -> int:
    """The exit status."""
    path, most, memory, seconds = Path(sys.argv[1]), *map(int, sys.argv[2:])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    size = path.stat().st_size
    resource.setrlimit(resource.RLIMIT_AS, (memory + size, memory + size))
    try:
        if not _streams_fit(path, most):
            return TOO_MUCH
        _open_each_page(path)
    except MemoryError:
        return TOO_MUCH
    return 0


def _streams_fit(path: Path, most: int) -> bool:
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        return all(_fits(data, found, most) for found in STREAM.finditer(data))


def _fits(data: mmap.mmap, found: "re.Match[bytes]", most: int) -> bool:
    """Whether a stream unpacks to so many bytes at most; an image that is packed once may have more."""
    depth, pieces = _unpacked(_pieces(data, found.end()))
    before = data[max(0, found.start() - DICTIONARY) : found.start()]
    if depth <= 1 and b"/Image" in before[before.rfind(b" obj") :]:
        return True
    left = most
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            return False
    return True


def _unpacked(pieces: Iterator[bytes]) -> tuple[int, Iterator[bytes]]:
    """How often it is packed, and what is in it at last."""
    for depth in range(DEEPEST):
        first = next(pieces, b"")
        pieces = chain((first,), pieces)
        if not _is_packed(first):
            return depth, pieces if depth else iter(())
        pieces = _inflated(pieces)
    return DEEPEST, pieces


def _is_packed(first: bytes) -> bool:
    """Whether it begins as zlib's format does."""
    return len(first) > 1 and first[0] & 0x0F == 8 and int.from_bytes(first[:2], "big") % 31 == 0


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    engine = zlib.decompressobj()
    for piece in pieces:
        while piece and not engine.eof:
            try:
                yield engine.decompress(piece, PIECE)
            except zlib.error:
                return
            piece = engine.unconsumed_tail


def _pieces(data: mmap.mmap, start: int) -> Iterator[bytes]:
    return (data[place : place + READ] for place in range(start, len(data), READ))


def _open_each_page(path: Path) -> None:
    import pypdfium2  # pyright: ignore[reportMissingTypeStubs]

    try:
        document = pypdfium2.PdfDocument(path)
        for index in range(len(document)):
            document[index].close()
    except pypdfium2.PdfiumError:
        return


if __name__ == "__main__":
    sys.exit(main())
