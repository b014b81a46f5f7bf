"""`docmill batch results`: what became of each line, as JSONL."""

import asyncio
from pathlib import Path
from typing import IO, Annotated

import typer

from orchestrator.cli.batch.options import BatchId
from orchestrator.cli.options import Json
from orchestrator.errors import UsageError

Output = Annotated[Path | None, typer.Option("--output", "-o", help="Else stdout.", metavar="FILE")]
Status = Annotated[
    list[str], typer.Option("--status", help="Only these: succeeded, failed, refused …; may be repeated.")
]


def results(
    batch: BatchId,
    output: Output = None,
    status: Status = [],  # noqa: B006  # typer copies it
    json: Json = False,
) -> None:
    """Write one JSON object a line of the batch, in order: line, document, status, error, output.

    With --json and no FILE, they are one JSON array on stdout.
    """
    from orchestrator.cli.output import notes, show_json, written_to
    from orchestrator.cli.wording import counted

    wanted = _checked(status)
    with written_to(output) as target:
        count = asyncio.run(_write(batch, wanted, target, as_array=json and output is None))
    if output is not None and json:
        show_json({"file": str(output), "outcomes": count})
    elif output is not None:
        notes().print(f"{counted(count, 'outcome')} written to {output}", markup=False)


def _checked(statuses: list[str]) -> frozenset[str]:
    from orchestrator.batches.outcomes import PURGED, REFUSED
    from orchestrator.states import DocumentState

    known = (*DocumentState, REFUSED, PURGED)
    if wrong := [status for status in statuses if status not in known]:
        raise UsageError(f"there is no status {wrong[0]!r}: use one of {', '.join(known)}")
    return frozenset(statuses or known)


async def _write(batch: str, wanted: frozenset[str], target: IO[bytes], *, as_array: bool) -> int:
    """Returns how many."""
    import msgspec

    from orchestrator.cli.connecting import reading

    count, start, between, end = 0, *((b"[\n", b",\n", b"\n]\n") if as_array else (b"", b"\n", b"\n"))
    async with reading() as mill:
        await mill.batch(batch)  # an unknown one is said before anything is written
        target.write(start)
        async for outcome in mill.outcomes(batch):
            if outcome.status in wanted:
                target.write((between if count else b"") + msgspec.json.encode(outcome))
                count += 1
    target.write(end if count or as_array else b"")
    return count
