"""`store`: the result as a file, as rows of a database, and, where that is asked for, as a PDF that can be searched."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import msgspec

from orchestrator import Context, Fatal, step
from orchestrator.blobs import Blobs
from orchestrator.errors import MissingPart
from orchestrator.findings import Category, Fields, PageText, Result, Stored, Summary, Text
from orchestrator.flags import NEEDS_REVIEW
from orchestrator.source import Source
from worker.documents.opening import kind_of, local_file
from worker.steps.reviewing import review_reasons

if TYPE_CHECKING:
    from sqlalchemy import Engine


@step(lane="cpu", version="2")
def store(
    source: Source,
    text: Text,
    kind: Category,
    fields: Fields,
    summary: Summary,
    pages: list[PageText | None],
    ctx: Context,
) -> Stored:
    """Write `<document>/<fence>.json` under the results' URL, then the document's rows.

    Each delivery writes its own files, whole: a late worker can neither overwrite nor tear the winner's. The winner
    is the one that this step's accepted output names; of the rows, the one with the greatest fence.

    Raises:
        Unavailable: the database cannot be used now; nothing was written. Fatal: its URL is wrong.
        MissingPart: the database's driver, or the object store's client, is not installed.
    """
    database, engine = _database(ctx)
    store, root = _store(ctx.settings.results), ctx.settings.results.rstrip("/")
    reasons = review_reasons(text, kind, fields, summary, ctx.settings)
    pdf = _write_pdf(ctx, store, source, pages, reasons) if ctx.settings.searchable_pdf else ""
    result = Result(ctx.id, ctx.fence, source, kind, fields, summary, text, reasons)
    path = f"{ctx.id}/{ctx.fence}.json"
    store.put(path, msgspec.json.format(msgspec.json.encode(result)))
    stored = Stored(f"{root}/{path}", ctx.fence, reasons, database, f"{root}/{pdf}" if pdf else "")
    if engine is not None:
        _save(engine, result, stored)
    if reasons:
        ctx.flag(NEEDS_REVIEW, "; ".join(reasons))
    return stored


def _database(ctx: Context) -> "tuple[str, Engine | None]":
    """(its URL for people, its engine), reached before anything is written: a job that waits for it leaves no files."""
    from orchestrator.results.database import database_url

    if (url := database_url(ctx.settings)) is None:
        return "", None
    from orchestrator.results.database import readable
    from orchestrator.results.migrating import ready

    return readable(url), ready(url)


def _store(url: str) -> Blobs:
    try:
        return Blobs(url)
    except ImportError as problem:
        raise MissingPart(
            f"DOCMILL_RESULTS_URL needs a package: {problem}; for S3: pip install 'docmill[s3]'"
        ) from problem


def _save(engine: "Engine", result: Result, stored: Stored) -> None:
    from orchestrator.results.database import translating
    from orchestrator.results.writing import save

    with translating(stored.table):
        save(engine, result, stored.url, stored.pdf)


def _write_pdf(ctx: Context, store: Blobs, source: Source, pages: Sequence[PageText | None], reasons: list[str]) -> str:
    """Its path; empty where it cannot be made, which is a reason to look and none to lose the result."""
    from worker.documents.searchable import write_searchable

    file, path = local_file(ctx, source.blob, source.name), f"{ctx.id}/{ctx.fence}.pdf"
    with TemporaryDirectory(prefix="docmill") as folder:
        made = Path(folder) / "searchable.pdf"
        try:
            write_searchable(file, source.name, kind_of(file, source.name), pages, made, ctx.settings.max_pixels)
        except Fatal as problem:
            reasons.append(f"there is no searchable PDF: {problem}")
            return ""
        with made.open("rb") as content:
            store.put_file(path, content)
    return path
