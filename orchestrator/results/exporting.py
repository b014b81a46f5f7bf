"""Chosen results as one table file, streamed from the database to the file."""

from collections.abc import Generator
from typing import IO

from sqlalchemy import Engine

from orchestrator.results.flat import Row, columns_for
from orchestrator.results.formats import WRITERS
from orchestrator.results.reading import Chosen, field_names, pages, reading


def write_table(engine: Engine, chosen: Chosen, kind: str, target: IO[bytes], *, evidence: bool = False) -> int:
    """Write a row a document.

    Args:
        kind: one of `WRITERS`.
        evidence: also where each field's value stands, and its confidence.

    Returns:
        How many documents.

    Raises:
        MissingPart: the package that writes this kind is not installed.
    """
    count = 0
    with reading(engine) as connection:
        columns = columns_for(field_names(connection, chosen), evidence=evidence)

        def rows() -> Generator[list[Row]]:
            nonlocal count
            for page in pages(connection, chosen):
                count += len(page)
                yield [[column.value(found) for column in columns] for found in page]

        WRITERS[kind](columns, rows(), target)
    return count
