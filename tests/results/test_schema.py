"""The schema and its revisions."""

import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from orchestrator.errors import Fatal, MissingPart, Unavailable
from orchestrator.results.database import engine_of, readable
from orchestrator.results.migrating import HEAD, VERSIONS, configuration, ready, revision
from orchestrator.results.tables import metadata

RACERS = 3
RACER = """
import sys
import alembic.command, psycopg
from orchestrator.results.migrating import ready, revision
print("here", flush=True)
sys.stdin.readline()
with ready(sys.argv[1]).connect() as connection:
    print(revision(connection))
"""


def test_the_newest_revision_is_the_one_that_is_named() -> None:
    """Written down, so that most processes need no alembic."""
    assert ScriptDirectory.from_config(configuration()).get_current_head() == HEAD


def test_tables_and_migrations_agree(database: str) -> None:
    """Whoever changes a table writes a revision."""
    with ready(database).connect() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSIONS, "compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_processes_that_start_at_once_do_not_clash(database: str) -> None:
    """One of them makes the tables; the others find them made."""
    command = [sys.executable, "-c", RACER, database]
    racers = [
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(RACERS)
    ]
    for racer in racers:
        assert racer.stdout is not None and racer.stdout.readline() == "here\n"
    for racer in racers:
        assert racer.stdin is not None
        racer.stdin.write("go\n")
        racer.stdin.flush()
    answers = [racer.communicate(timeout=60) for racer in racers]
    assert [(out.strip(), err) for out, err in answers] == [(HEAD, "")] * RACERS


def test_a_newer_schema_is_refused(database: str) -> None:
    """Jobs wait for a worker that knows it; the text says what to do."""
    with ready(database).begin() as connection:
        connection.execute(text(f"UPDATE {VERSIONS} SET version_num = '9999'"))
    with pytest.raises(Unavailable, match=r"schema 9999, which is newer than this docmill \(0001\): upgrade docmill"):
        ready(database)
    with engine_of(database).connect() as connection:
        assert revision(connection) == "9999"


@pytest.mark.parametrize(
    ("url", "kind", "said"),
    [
        ("postgresql://u:secret@127.0.0.1:1/x", Unavailable, r"u:\*\*\*@127.0.0.1:1/x cannot be used now: .*refused"),
        ("mysql://u:secret@h/x", Fatal, "results are kept in SQLite or PostgreSQL, not in mysql"),
        ("postgresql://h:port/x", Fatal, "no URL of a database that docmill can use"),
        ("postgresql+nonsense://h/x", Fatal, "no URL of a database that docmill can use"),
        ("postgresql+pg8000://h/x", MissingPart, r"pip install 'docmill\[postgres\]'"),
        ("sqlite:////proc/nowhere/results.db", Unavailable, "results.db cannot be used now"),
    ],
)
def test_a_database_that_cannot_be_used_is_told_in_words(url: str, kind: type[Exception], said: str) -> None:
    """What is down is waited for; what is wrong fails at once; no password is shown."""
    with pytest.raises(kind, match=said) as told:
        ready(url)
    assert "secret" not in str(told.value)


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:"])
def test_a_database_in_memory_is_refused(url: str) -> None:
    """Each connection would see one of its own: without tables."""
    with pytest.raises(Fatal, match="a database in memory, which nobody else would see"):
        ready(url)


def test_a_file_that_is_no_database_is_told_in_words(tmp_path: Path) -> None:
    """And stays as it is."""
    (tmp_path / "notes.txt").write_text("not a database\n" * 100)
    with pytest.raises(Unavailable, match=r"notes.txt cannot be used: file is not a database; name another one"):
        ready(f"sqlite:///{tmp_path / 'notes.txt'}")
    assert (tmp_path / "notes.txt").read_text() == "not a database\n" * 100


def test_a_password_is_starred() -> None:
    """Wherever a URL is shown."""
    assert readable("postgresql://u:secret@h/x") == "postgresql://u:***@h/x"
