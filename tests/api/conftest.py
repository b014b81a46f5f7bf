"""The application over a real server, called in this process; what a worker would do is done by hand."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from api.app import create_app
from orchestrator.settings import Settings
from tests.api.pipelines import filed
from tests.conftest import MakeEngine
from tests.support.engine import Engine
from tests.support.pipelines import chain, moods, shouting
from tests.support.server import Server

NAMES = ("tests.support.pipelines:shouting", "tests.support.pipelines:chain", "tests.support.pipelines:moods")
PIPELINES = (*NAMES, "tests.api.pipelines:filed")
Connect = Callable[[FastAPI], Awaitable[httpx.AsyncClient]]


@asynccontextmanager
async def calling(app: FastAPI) -> AsyncGenerator[httpx.AsyncClient]:
    """A client of an application that runs for as long as the block lasts."""
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    client = httpx.AsyncClient(transport=transport, base_url="http://localhost")
    async with app.router.lifespan_context(app), client:
        yield client


@pytest.fixture
async def connect() -> AsyncGenerator[Connect]:
    """Makes clients of applications of the test's own."""
    async with AsyncExitStack() as stack:
        yield lambda app: stack.enter_async_context(calling(app))


@pytest.fixture
def settings(server: Server, tmp_path: Path) -> Settings:
    """Settings of the test's own."""
    return Settings(redis_url=server.url, data_dir=tmp_path / "data", pipelines=PIPELINES)


@pytest.fixture
async def client(settings: Settings, connect: Connect) -> httpx.AsyncClient:
    """A client of the application, as loopback sees it."""
    return await connect(create_app(settings))


@pytest.fixture
def engine(make_engine: MakeEngine) -> Engine:
    """What a worker would do, by hand."""
    return make_engine(shouting, chain, moods, filed)
