"""Parquet by pyarrow: typed columns, some thousand rows a group."""

from collections.abc import Iterable, Sequence
from typing import IO, Any

from orchestrator.errors import MissingPart
from orchestrator.results.flat import Column, Row

GROUP = 10_000
"""Rows held at a time, and rows of a row group."""


def write(columns: Sequence[Column], pages: Iterable[list[Row]], target: IO[bytes]) -> None:
    """Write a whole file.

    Raises:
        MissingPart: pyarrow is not installed.
    """
    arrow, parquet = _arrow()
    schema = arrow.schema([(column.title, _types(arrow)[column.kind]) for column in columns])
    with parquet.ParquetWriter(target, schema) as writer:
        held: list[Row] = []
        for page in pages:
            held += page
            if len(held) >= GROUP:
                writer.write_table(_table(arrow, schema, held))
                held = []
        if held:
            writer.write_table(_table(arrow, schema, held))


def _table(arrow: Any, schema: Any, rows: list[Row]) -> Any:
    columns = zip(*rows, strict=True)
    return arrow.table([arrow.array(c, field.type) for c, field in zip(columns, schema, strict=True)], schema=schema)


def _types(arrow: Any) -> dict[str, Any]:
    """By the kind of a column."""
    return {
        "text": arrow.string(),
        "number": arrow.float64(),
        "whole": arrow.int64(),
        "amount": arrow.decimal128(24, 6),
        "date": arrow.date32(),
        "moment": arrow.timestamp("us", "UTC"),
        "flag": arrow.bool_(),
    }


def _arrow() -> tuple[Any, Any]:
    try:
        import pyarrow  # pyright: ignore[reportMissingTypeStubs]
        import pyarrow.parquet  # pyright: ignore[reportMissingTypeStubs]
    except ImportError as problem:
        raise MissingPart(f"Parquet needs pyarrow ({problem}): pip install 'docmill[parquet]'") from None
    return pyarrow, pyarrow.parquet
