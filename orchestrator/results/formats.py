"""Table files: CSV that a spreadsheet opens without running anything, JSON a line or as one array, Parquet."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from typing import IO, Any

import msgspec

from orchestrator.results.flat import Column, Row

Pages = Iterable[list[Row]]
Writer = Callable[[Sequence[Column], Pages, IO[bytes]], None]

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A spreadsheet may take text that begins so, half width or full, for a formula, and run it (OWASP: CSV injection)."""


def write_csv(columns: Sequence[Column], pages: Pages, target: IO[bytes]) -> None:
    """RFC 4180, UTF-8, a line of titles first; text that looks like a formula gets a `'` before it."""
    text = io.TextIOWrapper(target, "utf-8", newline="", write_through=True)
    writer = csv.writer(text)
    writer.writerow([_harmless(column.title) for column in columns])
    for page in pages:
        for row in page:
            writer.writerow([_cell(value) for value in row])
    text.detach()


def write_jsonl(columns: Sequence[Column], pages: Pages, target: IO[bytes]) -> None:
    """An object a line; amounts and dates as text, since a JSON number is not exact."""
    for page in pages:
        for row in page:
            target.write(_object(columns, row) + b"\n")


def write_json(columns: Sequence[Column], pages: Pages, target: IO[bytes]) -> None:
    """One array, an object a line."""
    before = b"["
    for page in pages:
        for row in page:
            target.write(before + b"\n  " + _object(columns, row))
            before = b","
    target.write(b"[]\n" if before == b"[" else b"\n]\n")


def write_parquet(columns: Sequence[Column], pages: Pages, target: IO[bytes]) -> None:
    """Typed columns.

    Raises:
        MissingPart: pyarrow is not installed.
    """
    from orchestrator.results.parquet import write

    write(columns, pages, target)


WRITERS: dict[str, Writer] = {"csv": write_csv, "jsonl": write_jsonl, "json": write_json, "parquet": write_parquet}


def _object(columns: Sequence[Column], row: Row) -> bytes:
    return msgspec.json.encode({column.title: value for column, value in zip(columns, row, strict=True)})


def _cell(value: Any) -> Any:
    if isinstance(value, str):
        return _harmless(value)
    return str(value).lower() if isinstance(value, bool) else value


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text
