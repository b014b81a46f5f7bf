"""`docmill priority`: what is urgent after all, and what is not."""

import asyncio
from typing import Annotated

import typer

from orchestrator.cli.options import Json

UNKNOWN = "unknown"
MOVED = ("moved", "same")
ENDED, NOT_KNOWN = 1, 3
"""Exit codes."""
TOLD = {"moved": "has priority {number} now", "same": "had priority {number} before", UNKNOWN: "unknown document"}


def priority(
    documents: Annotated[list[str], typer.Argument(help="Ids of documents.", metavar="ID...")],
    number: Annotated[int, typer.Argument(help="9 (urgent) to 0.", metavar="N")],
    json: Json = False,
) -> None:
    """Give documents another priority; what runs of them is not touched.

    The exit code is 0 if all have it; 1 if some have ended; 3 if some are unknown.
    """
    from orchestrator.cli.output import results, show_json
    from orchestrator.ids import checked_id

    wanted = [checked_id(document) for document in dict.fromkeys(documents)]
    words = asyncio.run(_reprioritise(wanted, number))
    told = dict(zip(wanted, words, strict=True))
    if json:
        show_json({"priority": number, "documents": told})
    else:
        for document, word in told.items():
            results().print(f"{document}: {TOLD.get(word, f'has ended: {word}').format(number=number)}")
    raise typer.Exit(NOT_KNOWN if UNKNOWN in words else 0 if all(word in MOVED for word in words) else ENDED)


async def _reprioritise(documents: list[str], number: int) -> list[str]:
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        return await mill.reprioritise_all(documents, number)
