"""`docmill batch status` and `list`: look, change nothing."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.batch.options import BatchId
from orchestrator.cli.options import Json

if TYPE_CHECKING:
    from orchestrator.batches.views import BatchView
    from orchestrator.cli.batch.reporting import Report


def status(batch: BatchId, json: Json = False) -> None:
    """Show a batch: its documents by state, until when, lines that were refused, and what its aggregate made."""
    show(asyncio.run(_report(batch)), json)


def list_batches(
    limit: Annotated[int, typer.Option("--limit", help="At most so many, the newest.", min=1)] = 50,
    json: Json = False,
) -> None:
    """List batches, newest first."""
    from orchestrator.cli.output import results, show_json

    found = asyncio.run(_list(limit))
    if json:
        import msgspec

        return show_json(msgspec.to_builtins(found))
    from orchestrator.cli.batch.wording import table

    return results().print(table(found) if found else "there is no batch: docmill batch submit")


def show(told: "Report", json: bool) -> None:
    """Print what is told of one."""
    from orchestrator.cli.batch.wording import lines
    from orchestrator.cli.output import results, show_json

    if json:
        return show_json(told.as_json())
    for line in lines(told):
        results().print(line)
    return None


async def _report(batch: str) -> "Report":
    from orchestrator.cli.batch.reporting import report
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        return await report(mill, await mill.batch(batch))


async def _list(limit: int) -> "list[BatchView]":
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        return await mill.batches(limit)
