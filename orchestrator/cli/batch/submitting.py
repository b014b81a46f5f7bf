"""`docmill batch submit`: hand many documents over; what was interrupted can be gone on with."""

import asyncio
import shlex
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestrator.cli.options import (
    Deadline,
    Json,
    Lanes,
    PipelineName,
    Priority,
    Seconds,
    Submission,
    Tenant,
    together,
    values_of,
)

if TYPE_CHECKING:
    from orchestrator.batches.lines import BadLine, Line
    from orchestrator.cli.batch.bars import Bar
    from orchestrator.cli.batch.opening import Lines
    from orchestrator.cli.batch.reporting import Report

Sources = Annotated[
    list[Path],
    typer.Argument(help="One .jsonl of lines, or - for them on stdin; else one document a file.", metavar="FILES..."),
]
Aggregated = Annotated[
    str | None, typer.Option("--aggregate", help="A pipeline that runs when the last document has ended.")
]
Given = Annotated[
    list[str], typer.Option("--given", help="A parameter of the aggregate; may be repeated.", metavar="NAME=JSON")
]
Name = Annotated[str, typer.Option("--name", help="For people.")]
Resumed = Annotated[str | None, typer.Option("--batch", help="Go on with this one, with the same lines.", metavar="ID")]
Wait = Annotated[bool, typer.Option("--wait", help="Until all have ended; then the exit code tells how.")]
CommonParameters = Annotated[
    list[str],
    typer.Option("--param", help="A parameter of every line that says none; may be repeated.", metavar="NAME=JSON"),
]


@dataclass(frozen=True)
class Asked:
    """What is to be done, besides the lines.

    Args:
        ending: the aggregate, what it is given, and the batch's name.
        resume: the command that goes on where this one was interrupted.
    """

    batch: str
    submission: Submission
    tenant: str
    ending: dict[str, Any]
    resume: str
    wait: bool
    timeout: float | None
    json: bool


def submit(
    context: typer.Context,
    files: Sources,
    pipeline: PipelineName = "document",
    aggregate: Aggregated = None,
    given: Given = [],  # noqa: B006  # typer copies it
    name: Name = "",
    priority: Priority = 5,
    tenant: Tenant = "default",
    lane: Lanes = [],  # noqa: B006  # likewise
    param: CommonParameters = [],  # noqa: B006  # likewise
    deadline: Deadline = None,
    batch: Resumed = None,
    wait: Wait = False,
    timeout: Seconds = None,
    json: Json = False,
) -> None:
    """Submit many documents as one batch, and print its id first; a line that cannot be one is refused, the others go on."""
    from orchestrator.cli.batch.looking import show
    from orchestrator.cli.batch.opening import opened
    from orchestrator.ids import checked_id, new_id

    submission = Submission.of(pipeline, priority, lane, param, deadline)
    ending = {"aggregate": aggregate, "given": values_of(given, "--given"), "name": name}
    together("--given", given, "--aggregate", aggregate)
    together("--timeout", timeout is not None, "--wait", wait)
    made = None if batch else new_id()
    resume = shlex.join(["docmill", *context.obj, *(["--batch", made] if made else [])])
    asked = Asked(checked_id(made or batch or ""), submission, tenant, ending, resume, wait, timeout, json)
    with opened(files, submission.parameters) as lines:
        told = asyncio.run(_submit(asked, lines, files))
    show(told, json)
    raise typer.Exit(0 if (told.went_well if wait else not told.batch.refused) else 1)


async def _submit(asked: Asked, lines: "Lines", files: list[Path]) -> "Report":
    from orchestrator.cli.batch.bars import bar
    from orchestrator.cli.batch.following import follow
    from orchestrator.cli.batch.opening import is_of_files
    from orchestrator.cli.batch.reporting import report
    from orchestrator.cli.connecting import submitting

    chosen, ending = asked.submission, asked.ending
    async with submitting() as mill:
        chosen.check(
            mill.registry, files=is_of_files(files) or "source" in mill.registry.named(chosen.pipeline).parameters
        )
        with bar("lines") as shown:
            view = await mill.submit_batch(
                chosen.pipeline, _each(asked, lines, shown), batch=asked.batch, priority=chosen.priority,
                tenant=asked.tenant, lanes=chosen.lanes, deadline=chosen.deadline, **ending,
            )  # fmt: skip
        return await follow(mill, view.id, asked.timeout) if asked.wait else await report(mill, view)


def _each(asked: Asked, lines: "Lines", shown: "Bar") -> "Iterator[Line | BadLine]":
    """The lines, as they are taken: the first one when the batch is open."""
    _tell(asked)
    for number, line in enumerate(lines.each, 1):
        yield line
        shown.show(number, lines.total)


def _tell(asked: Asked) -> None:
    """Which batch it is, before it may be interrupted."""
    from orchestrator.cli.output import notes, results

    (notes() if asked.json else results()).print(f"batch {asked.batch}")
    sys.stdout.flush()
    notes().print(f"if this is interrupted, go on with: {asked.resume}", style="dim", markup=False)
