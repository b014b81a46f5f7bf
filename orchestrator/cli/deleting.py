"""`docmill delete`: documents, with all that hangs on them."""

import asyncio
from typing import Annotated

import typer

from orchestrator.cli.options import Json
from orchestrator.errors import NotFound

NOT_KNOWN = 3
"""Exit code."""

Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def delete(
    documents: Annotated[list[str], typer.Argument(help="Ids of documents, or of batches.", metavar="ID...")],
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Delete documents, files, stored results and cached ones: what runs is ended first.

    Of a batch, what is known of it and of its refused lines goes, not its documents. The exit code is 3 if some are unknown.
    """
    from orchestrator.cli.asking import ask
    from orchestrator.cli.output import results, show_json
    from orchestrator.cli.wording import counted
    from orchestrator.ids import checked_id

    wanted = [checked_id(document) for document in dict.fromkeys(documents)]
    ask(
        f"delete {wanted[0] if len(wanted) == 1 else counted(len(wanted), 'document')} with all results",
        yes=yes,
        json=json,
    )
    gone = asyncio.run(_delete(wanted))
    if json:
        show_json({"deleted": [one for one, is_gone in gone.items() if is_gone], "documents": gone})
    else:
        for document, is_gone in gone.items():
            results().print(f"{document}: {'deleted' if is_gone else 'unknown document'}")
    raise typer.Exit(0 if all(gone.values()) else NOT_KNOWN)


async def _delete(documents: list[str]) -> dict[str, bool]:
    """Whether each was there."""
    from orchestrator.cli.connecting import reading

    gone: dict[str, bool] = {}
    async with reading() as mill:
        for document in documents:
            try:
                await mill.delete(document, "docmill delete")
                gone[document] = True
            except NotFound:
                gone[document] = False
    return gone
