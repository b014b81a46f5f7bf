"""Removing what `store` wrote of documents: files and rows."""

from collections.abc import Sequence
from pathlib import Path

from orchestrator.blobs import Blobs
from orchestrator.settings import Settings


def remove_results(settings: Settings, documents: Sequence[str]) -> None:
    """Delete their files and their rows; that there are none is fine.

    Raises:
        Unavailable: the database cannot be used now.
    """
    files = Blobs(settings.results)
    for document in documents:
        files.delete(document)
    if documents:
        _remove_rows(settings, documents)


def _remove_rows(settings: Settings, documents: Sequence[str]) -> None:
    # Whoever deletes nothing that was stored needs no database library, and waits for none.
    from sqlalchemy import inspect

    from orchestrator.results.database import database_url, engine_of, translating
    from orchestrator.results.writing import forget

    url = database_url(settings)
    if url is None or (url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists()):
        return
    with translating(url):
        engine = engine_of(url)
        if inspect(engine).has_table("documents"):
            for document in documents:
                forget(engine, document)
