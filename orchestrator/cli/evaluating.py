"""`docmill evaluate`: run documents of which the truth is known, and measure what comes out."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from orchestrator.cli.entries import Entry
from orchestrator.cli.options import Json, Parameters, PipelineName, Priority, Submission

if TYPE_CHECKING:
    from orchestrator.cli.starting import Starter
    from orchestrator.evaluation.report import Report, Row
    from orchestrator.evaluation.truth import Truth

Folder = Annotated[Path, typer.Argument(help="Documents with a MANIFEST.tsv; docs/evaluate.md.", metavar="DIR")]
Seconds = Annotated[
    float | None, typer.Option("--timeout", help="Measure what has ended after so many seconds.", min=0)
]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Also write the report, as JSON.", metavar="FILE")]
Limit = Annotated[int | None, typer.Option("--limit", help="Only the first so many documents.", min=1)]
Categories = Annotated[
    list[str], typer.Option("--category", help="Only documents of it; may be repeated.", metavar="NAME")
]
Bounds = Annotated[
    str, typer.Option("--fail-under", help="Exit code 1 below: category=0.5,word_recall=0.97", metavar="NAME=SHARE,…")
]
Against = Annotated[
    Path | None, typer.Option("--against", help="Also print what changed since this report.", metavar="REPORT")
]


def evaluate(
    folder: Folder,
    limit: Limit = None,
    category: Categories = [],  # noqa: B006  # typer copies it
    pipeline: PipelineName = "document",
    param: Parameters = [],  # noqa: B006  # likewise
    priority: Priority = 1,
    fail_under: Bounds = "",
    against: Against = None,
    output: Output = None,
    timeout: Seconds = None,
    json: Json = False,
) -> None:
    """Run documents whose category, fields or text are known, and measure: with what is configured, or the embedded parts.

    The exit code is 1 where a bound of --fail-under is not kept.
    """
    from orchestrator.cli.output import notes, results, show_json
    from orchestrator.evaluation.judging import broken_bounds, parse_bounds, read_report

    bounds, before = parse_bounds(fail_under), read_report(against) if against else None
    truths = _chosen(folder, category, limit)
    report = _report(folder, truths, Submission.of(pipeline, priority, [], param), timeout)
    if output:
        _write(output, report)
    if json:
        show_json(report)
    else:
        from orchestrator.cli.evaluation_tables import print_changes, print_report

        print_report(results(), report)
        if before:
            print_changes(results(), before, report)
    broken = broken_bounds(report.overall, bounds)
    for words in broken:
        notes().print(f"[red]{words}[/]")
    raise typer.Exit(1 if broken else 0)


def _chosen(folder: Path, categories: Sequence[str], limit: int | None) -> "list[Truth]":
    from orchestrator.errors import UsageError
    from orchestrator.evaluation.truth import read_truth

    truths = [truth for truth in read_truth(folder) if not categories or truth.category in categories]
    if not truths:
        raise UsageError(f"{folder} has no documents of the category {' or '.join(categories)}")
    return truths[:limit]


def _report(folder: Path, truths: "Sequence[Truth]", submission: Submission, timeout: float | None) -> "Report":
    from orchestrator.cli.starting import Starter
    from orchestrator.evaluation.composing import compose

    starter = Starter.prepare()
    submission.check(starter.registry)
    chosen = starter.registry.named(submission.pipeline)
    parameters: dict[str, Any] = {**chosen.defaults, **submission.parameters}
    starter.start()
    rows = asyncio.run(_run(starter, truths, submission, parameters, timeout))
    return compose(
        rows, folder=folder.resolve().name, pipeline=chosen.id, model=starter.settings.llm_model, parameters=parameters
    )


async def _run(
    starter: "Starter",
    truths: "Sequence[Truth]",
    submission: Submission,
    parameters: dict[str, Any],
    timeout: float | None,
) -> "list[Row]":
    from orchestrator.cli.output import notes
    from orchestrator.cli.processing import process_all
    from orchestrator.client import Mill
    from orchestrator.errors import TooLate
    from orchestrator.evaluation.composing import Ended, score_all

    entries = [Entry(truth.path, submission) for truth in truths]
    try:
        await process_all(starter, entries, timeout)
    except TooLate as late:
        notes().print(f"[yellow]{late}; what has ended is measured[/]")
    ended = [Ended(truth, entry.id, entry.error) for truth, entry in zip(truths, entries, strict=True)]
    assert starter.settings.redis_url is not None
    async with Mill(starter.settings.redis_url, starter.settings, starter.registry) as mill:
        return await score_all(mill, ended, parameters.get("categories", []))


def _write(path: Path, report: "Report") -> None:
    import msgspec

    from orchestrator.errors import UsageError

    try:
        path.write_bytes(msgspec.json.format(msgspec.json.encode(report)))
    except OSError as problem:
        raise UsageError(f"{path} cannot be written ({problem.strerror})") from None
