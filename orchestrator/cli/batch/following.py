"""`docmill batch wait`: until its last document, and its aggregate, have ended."""

import asyncio
import math
from typing import TYPE_CHECKING

import typer

from orchestrator.cli.batch.options import BatchId
from orchestrator.cli.options import Json, Seconds
from orchestrator.errors import TooLate

if TYPE_CHECKING:
    from orchestrator.batches.views import BatchView
    from orchestrator.cli.batch.reporting import Report
    from orchestrator.client import Mill

LOOK = 0.5
"""Seconds between two looks at how far it is; its end is told by its channel."""


def wait(batch: BatchId, timeout: Seconds = None, json: Json = False) -> None:
    """Wait until all its documents have ended, and its aggregate; the exit code is 0 if all of it succeeded, else 1."""
    from orchestrator.cli.batch.looking import show

    told = asyncio.run(_wait(batch, timeout))
    show(told, json)
    raise typer.Exit(0 if told.went_well else 1)


async def _wait(batch: str, timeout: float | None) -> "Report":
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        return await follow(mill, batch, timeout)


async def follow(mill: "Mill", batch: str, timeout: float | None) -> "Report":
    """Wait for its end and its aggregate's, with a bar.

    Raises:
        TooLate: they have not ended in time; they go on.
    """
    from orchestrator.cli.batch.reporting import report

    loop = asyncio.get_running_loop()
    give_up = math.inf if timeout is None else loop.time() + timeout
    view = await _to_the_end(mill, batch, give_up - loop.time())
    if view.is_final and view.aggregate:
        last = await mill.wait(view.aggregate, max(0.0, give_up - loop.time()))
        if not last.is_final:
            raise TooLate(f"all documents of {batch} have ended, its aggregate has not after {timeout:g} s; it goes on")
    if not view.is_final:
        raise TooLate(
            f"{view.documents - view.ended} of {view.documents} documents have not ended after {timeout:g} s; they go on"
        )
    return await report(mill, view)


async def _to_the_end(mill: "Mill", batch: str, seconds: float) -> "BatchView":
    from orchestrator.cli.batch.bars import bar
    from orchestrator.cli.batch.wording import counts

    with bar("documents") as shown:
        waiter = asyncio.create_task(mill.wait_batch(batch, seconds))
        try:
            while not waiter.done():
                view = await mill.batch(batch)
                shown.show(view.ended, view.documents, counts(view))
                await asyncio.wait([waiter], timeout=LOOK)
        finally:
            waiter.cancel()
        view = await waiter
        shown.show(view.ended, view.documents, counts(view))
        return view
