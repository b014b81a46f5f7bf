"""The database of results: which it is, how it is reached, and what its faults mean."""

from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Engine, NullPool, create_engine, event, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    InterfaceError,
    InternalError,
    NoSuchModuleError,
    OperationalError,
)

from orchestrator.errors import Fatal, MissingPart, Unavailable
from orchestrator.settings import Settings
from orchestrator.settings.results import OFF

LOCK_WAIT = 30
"""Seconds that a writer waits for another one of SQLite."""
CONNECT_TIMEOUT = 5
"""Seconds."""
LONGEST_REASON = 300
"""Characters of the database's own words."""


def database_url(settings: Settings) -> str | None:
    """The SQLAlchemy URL of the results' database; None where there is to be none."""
    if settings.results_db == OFF:
        return None
    return settings.results_db or f"sqlite:///{settings.data_dir / 'results.db'}"


def readable(url: str) -> str:
    """The URL for people and logs, its password starred."""
    with _usable(url):
        return make_url(url).render_as_string(hide_password=True)


@cache
def engine_of(url: str) -> Engine:
    """This process' engine for a URL; nothing is connected yet.

    Raises:
        Fatal: it is no URL, or no SQLite or PostgreSQL. MissingPart: its driver is not installed.
    """
    with _usable(url):
        parsed = make_url(url)
        kind = parsed.get_backend_name()
        if kind == "sqlite":
            return _sqlite(parsed)
        if kind == "postgresql":
            return _postgresql(parsed)
    raise Fatal(f"DOCMILL_RESULTS_DB: results are kept in SQLite or PostgreSQL, not in {kind}")


@contextmanager
def translating(url: str) -> Generator[None]:
    """Turn what a database that is down, busy or full raises into `Unavailable`: nothing is wrong with the document."""
    try:
        yield
    except (OperationalError, InterfaceError, InternalError) as problem:
        why = " ".join(str(problem.orig).split())[:LONGEST_REASON]
        raise Unavailable(f"the results' database {readable(url)} cannot be used now: {why}") from problem
    except DatabaseError as problem:
        if type(problem) is not DatabaseError:  # its kinds are faults of what is written
            raise
        raise Unavailable(
            f"the results' database {readable(url)} cannot be used: {problem.orig}; name another one in DOCMILL_RESULTS_DB, "
            "or move the file away"
        ) from problem


@contextmanager
def _usable(url: str) -> Generator[None]:
    try:
        yield
    except (ArgumentError, NoSuchModuleError, ValueError) as problem:
        raise Fatal(f"DOCMILL_RESULTS_DB is no URL of a database that docmill can use: {problem}") from None
    except ModuleNotFoundError as problem:
        raise MissingPart(
            f"the database's driver is not installed ({problem}): pip install 'docmill[postgres]'"
        ) from problem


def _sqlite(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise Fatal("DOCMILL_RESULTS_DB names a database in memory, which nobody else would see: write sqlite:///FILE")
    with suppress(OSError):  # opening the file says it better
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # Opening the file costs less than a millisecond, and a file that was moved away is not written to any more.
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": LOCK_WAIT})
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _postgresql(url: URL) -> Engine:
    """A URL that names no driver means the one that docmill has an extra for."""
    url = url if "+" in url.drivername else url.set(drivername="postgresql+psycopg")
    told = {} if "connect_timeout" in url.query else {"connect_timeout": CONNECT_TIMEOUT}
    return create_engine(url, pool_pre_ping=True, connect_args=told)


def _prepare_sqlite(connection: Any, _: object) -> None:
    """Readers and a writer at once, and rows that belong to a document go with it."""
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")
