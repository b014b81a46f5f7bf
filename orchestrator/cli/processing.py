"""`docmill process`: submit files, watch them, show what came out; what is not running is started."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from orchestrator.cli.entries import Entry, entries_of
from orchestrator.cli.options import (
    Deadline,
    Files,
    Json,
    Lanes,
    Parameters,
    PipelineName,
    Priority,
    Seconds,
    Submission,
)

if TYPE_CHECKING:
    from orchestrator.cli.starting import Starter


def process(
    files: Files,
    pipeline: PipelineName = "document",
    priority: Priority = 5,
    lane: Lanes = [],  # noqa: B006  # typer copies it
    param: Parameters = [],  # noqa: B006  # likewise
    deadline: Deadline = None,
    timeout: Seconds = None,
    json: Json = False,
) -> None:
    """Submit files, watch them, show what came out; starts what is not running.

    The exit code is 0 only if all succeeded.
    """
    from orchestrator.cli.output import results, show_json
    from orchestrator.cli.starting import Starter

    entries = entries_of(files, Submission.of(pipeline, priority, lane, param, deadline))
    starter = Starter.prepare()
    entries[0].submission.check(starter.registry)
    starter.start()
    asyncio.run(process_all(starter, entries, timeout))
    if json:
        show_json([entry.as_json() for entry in entries])
    else:
        from orchestrator.cli.tables import outcomes

        results().print(outcomes(entries))
    raise typer.Exit(0 if all(entry.status == "succeeded" for entry in entries) else 1)


async def process_all(starter: "Starter", entries: Sequence[Entry], timeout: float | None) -> None:
    """Submit each and watch them all to their end; what is needed is started, and again where it dies.

    Raises:
        TooLate: some have not ended within `timeout` seconds.
    """
    from orchestrator.cli.progress import display
    from orchestrator.cli.watching import Watch

    async with starter.mill() as mill:
        with display(len(entries)) as shown:
            # Begun before the last is submitted: the first results of many files are there early.
            watching = asyncio.ensure_future(Watch(mill, entries, shown, lambda: starter.check(mill)).run(timeout))
            try:
                for entry in entries:
                    await entry.submit(mill)
                await watching
            finally:
                watching.cancel()
