"""`docmill retry`: revive documents that ended, one by one or all of a kind."""

import asyncio
from collections import Counter
from typing import TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.options import Json
from orchestrator.errors import UsageError

if TYPE_CHECKING:
    from orchestrator.selecting import Selection

NOT_KNOWN = 3
"""Exit code."""
REVIVED, UNKNOWN, NO_STEP = "revived", "unknown", "no-step"
TOLD = {
    "repeated": "revived by someone else",
    UNKNOWN: "unknown document",
    "complete": "nothing is missing: name a step with --from",
    NO_STEP: "its pipeline has no such step",
    "queued": "has not ended: queued",
    "running": "has not ended: running",
}
ENDED = ("failed", "partial", "cancelled")

Ids = Annotated[list[str] | None, typer.Argument(help="Ids of documents; or none, and --status.", metavar="[ID...]")]
Start = Annotated[
    str | None, typer.Option("--from", help="Run this step and all after it again, done or not.", metavar="STEP")
]
Status = Annotated[
    list[str], typer.Option("--status", help="All that are failed, partial or cancelled; may be repeated.")
]
Error = Annotated[str | None, typer.Option("--error", help="Only those whose error has this word: LLMDown, ocr.")]
Pipeline = Annotated[str | None, typer.Option("--pipeline", help="Only of this pipeline.")]
Since = Annotated[str | None, typer.Option("--since", help="Submitted then or later: 2h, 3d, 2026-11-01T08:30.")]
Until = Annotated[str | None, typer.Option("--until", help="Submitted before then.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say how many it would be, and change nothing.")]


def retry(
    documents: Ids = None,
    start: Start = None,
    status: Status = [],  # noqa: B006  # typer copies it
    pipeline: Pipeline = None,
    error: Error = None,
    since: Since = None,
    until: Until = None,
    why: Annotated[str, typer.Option("--why", help="For their logs.")] = "docmill retry",
    dry_run: DryRun = False,
    json: Json = False,
) -> None:
    """Run what is missing of ended documents; what is done is not done again.

    The exit code is 0 if all are revived; 1 if some were not; 3 if some are unknown.
    """
    from orchestrator.ids import checked_id

    named = [checked_id(document) for document in dict.fromkeys(documents or [])]
    kind = _kind(status, pipeline, error, since, until)
    if bool(named) == bool(kind):
        raise UsageError("name documents, or a kind of them with --status (failed, partial, cancelled); not both")
    words = asyncio.run(_retry(named, kind, start, why, dry_run))
    _tell(words, dry_run, json)
    raise typer.Exit(0 if dry_run else _code(list(words.values())))


def _kind(
    statuses: list[str], pipeline: str | None, error: str | None, since: str | None, until: str | None
) -> "Selection | None":
    from orchestrator.cli.moments import moment
    from orchestrator.selecting import Selection

    if not any((statuses, pipeline, error, since, until)):
        return None
    if wrong := [status for status in statuses if status not in ENDED]:
        raise UsageError(f"--status {wrong[0]}: only {', '.join(ENDED)} documents lack something")
    return Selection(
        tuple(statuses) or ("failed",), pipeline, error, None, moment("--since", since), moment("--until", until)
    )


async def _retry(
    named: list[str], kind: "Selection | None", start: str | None, why: str, dry_run: bool
) -> dict[str, str]:
    from orchestrator.cli.connecting import reading

    async with reading() as mill:
        chosen = named if kind is None else [document.id async for document in mill.select(kind)]
        if dry_run:
            return dict.fromkeys(chosen, "would be revived")
        return dict(zip(chosen, await mill.retry_all(chosen, start=start, why=why), strict=True))


def _tell(words: dict[str, str], dry_run: bool, json: bool) -> None:
    from orchestrator.cli.output import results, show_json

    if json:
        show_json({"count": len(words), "dry_run": dry_run, "documents": words})
        return
    for document, word in words.items():
        if word != REVIVED or len(words) <= 20:
            results().print(f"{document}: {TOLD.get(word, word)}")
    if len(words) == 1:
        return
    counted = ", ".join(f"{count} {TOLD.get(word, word)}" for word, count in Counter(words.values()).items())
    results().print(counted or "no such document")


def _code(words: list[str]) -> int:
    if UNKNOWN in words:
        return NOT_KNOWN
    return 0 if all(word == REVIVED for word in words) else 1
