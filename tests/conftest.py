"""What all tests share: a real server, emptied before each test."""

from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from orchestrator.client import Mill
from orchestrator.graph import Pipeline
from orchestrator.settings import Settings
from tests.support.engine import Engine
from tests.support.faults import FAULTS
from tests.support.server import Server, running_server

MakeEngine = Callable[..., Engine]
PIPELINES = tuple(f"tests.support.pipelines:{name}" for name in ("shouting", "chain", "chained", "moods"))


@pytest.fixture(scope="session")
def session_server() -> Iterator[Server]:
    """One server for the session: its folder's name is short, as a socket's must be."""
    with TemporaryDirectory(prefix="dm") as folder, running_server(Path(folder)) as server:
        yield server


@pytest.fixture
def server(session_server: Server) -> Server:
    """That server, with nothing in it."""
    session_server.redis.flushall()
    return session_server


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server of the test's own, durable, to be killed and started again."""
    durable = ("--appendonly", "yes", "--appendfsync", "always")
    with TemporaryDirectory(prefix="dm") as folder, running_server(Path(folder), *durable) as server:
        yield server


@pytest.fixture
def make_engine(server: Server) -> MakeEngine:
    """An engine for the pipelines that a test names."""

    def make(*pipelines: Pipeline, **options: Any) -> Engine:
        return Engine(server, *pipelines, **options)

    return make


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Settings:
    """Settings of the test's own."""
    return Settings(redis_url=server.url, data_dir=tmp_path / "data", pipelines=PIPELINES)


@pytest.fixture
def faults(server: Server, tmp_path: Path) -> Mill:
    """A client of the pipelines that go wrong in every way there is."""
    settings = Settings(redis_url=server.url, data_dir=tmp_path / "data", pipelines=tuple(FAULTS.split(",")))
    return Mill.connect(server.url, settings)


@pytest.fixture
def mill(server: Server, settings: Settings) -> Mill:
    """A client; used inside a running loop."""
    return Mill.connect(server.url, settings)
