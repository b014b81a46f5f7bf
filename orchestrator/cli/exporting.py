"""`docmill export`: the results of many documents as one table."""

from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated

import typer

from orchestrator.cli.options import Json
from orchestrator.errors import StepError, UsageError

if TYPE_CHECKING:
    from orchestrator.results.reading import Chosen

SUFFIXES = {
    ".csv": "csv",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "json",
    ".parquet": "parquet",
    ".pq": "parquet",
}
FORMATS = ("csv", "jsonl", "json", "parquet")

Format = Annotated[str | None, typer.Option("--format", help=f"{', '.join(FORMATS)}; else as FILE ends, else csv.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Else stdout.", metavar="FILE")]
Categories = Annotated[list[str], typer.Option("--category", help="Only of this category; may be repeated.")]
Since = Annotated[
    str | None, typer.Option("--since", help="Only what was stored then or later: 2026-11-01, 2026-11-01T08:30.")
]
Status = Annotated[str | None, typer.Option("--status", help="Only succeeded, or only partial.")]
NeedsReview = Annotated[bool, typer.Option("--needs-review", help="Only what a person should look at.")]
Evidence = Annotated[bool, typer.Option("--evidence", help="Also page, box, text and confidence of each field.")]


def export(
    output: Output = None,
    format: Format = None,
    category: Categories = [],  # noqa: B006  # typer copies it
    since: Since = None,
    status: Status = None,
    needs_review: NeedsReview = False,
    evidence: Evidence = False,
    json: Json = False,
) -> None:
    """Write stored results as a table: a row a document, oldest first, a column a field.

    With --json and no FILE, the rows are one JSON array on stdout.
    """
    from orchestrator.cli.output import notes, show_json, written_to
    from orchestrator.results.reading import Chosen

    chosen = Chosen(category, _checked_status(status), _moment(since), needs_review)
    kind = _format(format, output, as_json=json)
    with written_to(output) as target:
        count = _write(chosen, kind, target, evidence=evidence)
    if output is None:
        return
    if json:
        show_json({"file": str(output), "format": kind, "documents": count})
    else:
        notes().print(f"{count} documents written to {output}")


def _write(chosen: "Chosen", kind: str, target: IO[bytes], *, evidence: bool) -> int:
    """Returns how many documents."""
    from orchestrator.results.database import database_url, translating
    from orchestrator.results.exporting import write_table
    from orchestrator.results.migrating import ready
    from orchestrator.settings import load_settings

    url = database_url(load_settings())
    if url is None:
        raise UsageError("DOCMILL_RESULTS_DB is off: without a database there is no table to export")
    try:
        engine = ready(url)
        with translating(url):
            return write_table(engine, chosen, kind, target, evidence=evidence)
    except StepError as problem:  # it tells a worker's job whether to wait; here it is the user's to mend
        raise UsageError(str(problem)) from problem


def _format(given: str | None, output: Path | None, *, as_json: bool) -> str:
    kind = given or (SUFFIXES.get(output.suffix.lower()) if output else "json" if as_json else "csv")
    if kind not in FORMATS:
        what = f"{given!r} is no format" if given else f"{output} does not say its format"
        raise UsageError(f"{what}: use --format with one of {', '.join(FORMATS)}")
    if output is None and as_json and kind != "json":
        raise UsageError(f"--json prints one JSON value: write {kind} to a file with -o FILE")
    if output is None and kind == "parquet":
        raise UsageError("parquet needs a file: -o FILE")
    return kind


def _moment(text: str | None) -> datetime | None:
    """A date or a time, as the user's clock shows it where no zone is said."""
    try:
        return datetime.fromisoformat(text).astimezone() if text else None
    except ValueError:
        raise UsageError(f"--since {text!r} is no date: write it as 2026-11-01 or 2026-11-01T08:30") from None


def _checked_status(status: str | None) -> str | None:
    if status not in {None, "succeeded", "partial"}:
        raise UsageError(f"--status {status!r}: only documents that succeeded or ended as partial have results")
    return status
