"""`docmill cancel`: end documents that nobody wants any more."""

import asyncio
from typing import Annotated, Any

import typer

from orchestrator.cli.options import Json

CANCELLED, UNKNOWN = "cancelled", "unknown"
"""What the script answers, beside the final states."""
ENDED_OTHERWISE, NOT_KNOWN = 1, 3
"""Exit codes."""


def cancel(
    documents: Annotated[list[str], typer.Argument(help="Ids of documents.", metavar="ID...")],
    why: Annotated[str, typer.Option("--why", help="For their logs.")] = "docmill cancel",
    json: Json = False,
) -> None:
    """End documents: what waits leaves its lanes, what runs is stopped within two seconds.

    The exit code is 0 if all are cancelled, now or before; 1 if some had ended otherwise; 3 if some are unknown.
    """
    from orchestrator.cli.output import results, show_json
    from orchestrator.ids import checked_id

    wanted = [checked_id(document) for document in dict.fromkeys(documents)]
    words = asyncio.run(_cancel(wanted, why))
    if json:
        show_json([_as_json(document, word) for document, word in zip(wanted, words, strict=True)])
    else:
        for document, word in zip(wanted, words, strict=True):
            results().print(f"{document}: {_told(word)}")
    raise typer.Exit(_code(words))


async def _cancel(documents: list[str], why: str) -> list[str]:
    """A word for each document."""
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        return await mill.cancel_all(documents, why)


def _told(word: str) -> str:
    return {CANCELLED: CANCELLED, UNKNOWN: "unknown document"}.get(word, f"had already {_past(word)}")


def _past(state: str) -> str:
    return "ended in part" if state == "partial" else state


def _as_json(document: str, word: str) -> dict[str, Any]:
    status = None if word == UNKNOWN else word
    return {"id": document, "cancelled": word == CANCELLED, "status": status, "text": _told(word)}


def _code(words: list[str]) -> int:
    if UNKNOWN in words:
        return NOT_KNOWN
    return ENDED_OTHERWISE if any(word != CANCELLED for word in words) else 0
