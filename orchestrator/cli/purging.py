"""`docmill purge`: ended documents of a kind, before their retention has passed; and the cache of step results."""

import asyncio
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.deleting import Yes
from orchestrator.cli.options import Json
from orchestrator.errors import UsageError

if TYPE_CHECKING:
    from orchestrator.client import Mill
    from orchestrator.selecting import Selection

AT_ONCE = 500
"""Documents between two looks of the bar."""

Status = Annotated[
    list[str],
    typer.Option("--status", help="Only those that succeeded, failed, are partial or cancelled; may be repeated."),
]
Pipeline = Annotated[str | None, typer.Option("--pipeline", help="Only of this pipeline.")]
Before = Annotated[
    str | None,
    typer.Option("--before", help="Only those submitted (not ended) longer ago, or before then: 7d, 2026-11-01T08:30."),
]
Cache = Annotated[bool, typer.Option("--cache", help="Empty the cache of step results.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say how many documents it would be, and change nothing.")]


def purge(
    status: Status = [],  # noqa: B006  # typer copies it
    pipeline: Pipeline = None,
    before: Before = None,
    cache: Cache = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    json: Json = False,
) -> None:
    """Delete ended documents of a kind, with their files and stored results; what has not ended stays."""
    from orchestrator.cli.output import results, show_json
    from orchestrator.cli.wording import counted

    chosen = _kind(status, pipeline, before)
    if chosen is None and not cache:
        raise UsageError(
            "say which documents: --status, --pipeline or --before (they are those that ended); or --cache"
        )
    told = asyncio.run(_purge(chosen, cache, dry_run, yes, json))
    if json:
        show_json({"dry_run": dry_run, "documents": told.get("document", 0), "cached": told.get("cached result", 0)})
        return
    for what, count in told.items():
        results().print(f"{counted(count, what)} {'would be deleted' if dry_run else 'deleted'}")


def _kind(statuses: list[str], pipeline: str | None, before: str | None) -> "Selection | None":
    from orchestrator.cli.moments import moment
    from orchestrator.selecting import Selection
    from orchestrator.states import FINAL_DOCUMENT

    if not any((statuses, pipeline, before)):
        return None
    ended = sorted(FINAL_DOCUMENT)
    if wrong := [status for status in statuses if status not in ended]:
        raise UsageError(f"--status {wrong[0]}: only what has ended is purged: use one of {', '.join(ended)}")
    return Selection(tuple(statuses or ended), pipeline, until=moment("--before", before))


async def _purge(chosen: "Selection | None", cache: bool, dry_run: bool, yes: bool, json: bool) -> dict[str, int]:
    """How many of each kind are gone."""
    from orchestrator.cli.asking import ask
    from orchestrator.cli.connecting import reading
    from orchestrator.cli.wording import counted

    told: dict[str, int] = {}
    async with reading() as mill:
        found = [] if chosen is None else [document.id async for document in mill.select(chosen)]
        words = [f"{counted(len(found), 'document')} with all results"] if chosen else []
        if not dry_run and (found or cache):
            ask(f"delete {' and '.join(words + ['all cached results'] * cache)}", yes=yes, json=json)
        if chosen:
            told["document"] = len(found) if dry_run else await _delete(mill, found)
        if cache:
            told["cached result"] = await _cached(mill, dry_run)
    return told


async def _delete(mill: "Mill", documents: list[str]) -> int:
    from orchestrator.cli.batch.bars import bar

    gone = 0
    with bar("documents") as shown:
        for first in range(0, len(documents), AT_ONCE):
            gone += len(await mill.delete_all(documents[first : first + AT_ONCE]))
            shown.show(min(first + AT_ONCE, len(documents)), len(documents))
    return gone


async def _cached(mill: "Mill", dry_run: bool) -> int:
    from orchestrator.caching import empty_cache
    from orchestrator.calls.caching import CacheCalls
    from orchestrator.keys import Keys

    if dry_run:
        return await mill.transport.send(CacheCalls(Keys()).count())
    return await empty_cache(mill.transport, mill.blobs)
