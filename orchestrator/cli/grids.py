"""The tables of lists: plain columns; what names something is never cut."""

from collections.abc import Container

from rich.table import Table

NARROW = 100
"""Terminal columns: below it a table of documents leaves out what matters least."""


def grid(*columns: str, numbers: Container[str] = (), wrapped: Container[str] = ()) -> Table:
    """An empty one.

    Args:
        columns: their heads.
        numbers: columns that end on the right.
        wrapped: columns that give room, over several lines; all others keep theirs.
    """
    table = Table(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold underline")
    for name in columns:
        table.add_column(
            name, justify="right" if name in numbers else "left", no_wrap=name not in wrapped, overflow="fold"
        )
    return table
