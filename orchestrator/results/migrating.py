"""The schema: brought to the newest revision at first use, under a lock, by whoever comes first."""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text

from orchestrator.errors import Unavailable
from orchestrator.results.database import engine_of, readable, translating

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
"""The newest revision; written here so that a process that finds it need not load alembic."""
VERSIONS = "docmill_version"
"""The table that holds the revision: not alembic's usual one, which the database may have for something else."""
ADVISORY_LOCK = 0x646F636D696C6C
"""PostgreSQL's lock while the schema changes: the word docmill as a number."""


def ready(url: str) -> Engine:
    """The engine of a database whose schema is the newest.

    Raises:
        Unavailable: it cannot be used now, or its schema is newer than this docmill.
        Fatal: the URL is wrong. MissingPart: its driver is not installed.
    """
    engine = engine_of(url)
    with translating(url):
        _bring_up(engine, url)
    return engine


def revision(connection: Connection) -> str | None:
    """The revision of the schema; None where there is none yet."""
    if not inspect(connection).has_table(VERSIONS):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSIONS}")).scalar()


def configuration() -> "Config":
    """Alembic's: where the revisions are."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    return config


def _bring_up(engine: Engine, url: str) -> None:
    with engine.connect() as connection:
        if revision(connection) == HEAD:
            return
    with engine.connect() as connection:
        _lock(connection)
        found = revision(connection)  # another may have been first
        if found != HEAD:
            _refuse_newer(found, url)
            _upgrade(connection)
        connection.commit()


def _lock(connection: Connection) -> None:
    """Until the transaction ends; SQLite would begin none for a change of the schema."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN EXCLUSIVE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": ADVISORY_LOCK})


def _upgrade(connection: Connection) -> None:
    from alembic import command

    config = configuration()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _refuse_newer(found: str | None, url: str) -> None:
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if found is not None and found not in known:
        raise Unavailable(
            f"the results' database {readable(url)} has schema {found}, which is newer than this docmill ({HEAD}): "
            "upgrade docmill"
        )
