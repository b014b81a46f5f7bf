"""`docmill batch cancel`: end what is left of it."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.batch.options import BatchId
from orchestrator.cli.options import Json

if TYPE_CHECKING:
    from orchestrator.cli.batch.reporting import Report


def cancel(
    batch: BatchId,
    why: Annotated[str, typer.Option("--why", help="For the logs of its documents.")] = "docmill batch cancel",
    json: Json = False,
) -> None:
    """End a batch: it takes no more lines, its documents are cancelled, and its aggregate is told how each ended.

    The exit code is 0 if it is cancelled, now or before; 1 if it had ended by itself.
    """
    from orchestrator.cli.batch.looking import show
    from orchestrator.cli.output import notes

    told = asyncio.run(_cancel(batch, why))
    show(told, json)
    if not told.batch.cancelling:
        notes().print(f"{batch} had ended by itself: nothing was cancelled")
    raise typer.Exit(0 if told.batch.cancelling else 1)


async def _cancel(batch: str, why: str) -> "Report":
    from orchestrator.cli.batch.reporting import report
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        return await report(mill, await mill.cancel_batch(batch, why))
