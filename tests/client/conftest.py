"""Both clients, over one server and one worker for all of these tests; each works on documents of its own."""

import inspect
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from orchestrator import AsyncClient, Client
from orchestrator.settings import Settings
from tests.support.server import Server, running_server
from tests.support.workers import running_worker

NAMES = ("filed", "counting", "waiting", "forgetting")
PIPELINES = (*(f"tests.client.pipelines:{name}" for name in NAMES), "tests.support.pipelines:shouting")


@pytest.fixture(scope="package")
def place() -> Iterator[tuple[Server, Path]]:
    """A server, and the folder of what a worker of it keeps."""
    with TemporaryDirectory(prefix="dm") as name, running_server(Path(name)) as server:
        folder = Path(name)
        with running_worker(server.url, folder, pipelines=",".join(PIPELINES), slots="cpu*1 llm*2", standby="0"):
            yield server, folder


@pytest.fixture
def server(place: tuple[Server, Path]) -> Server:
    """Never emptied: the worker's records are in it."""
    return place[0]


@pytest.fixture
def settings(place: tuple[Server, Path]) -> Settings:
    """The worker's."""
    return Settings(redis_url=place[0].url, data_dir=place[1] / "data", pipelines=PIPELINES)


@pytest.fixture
def client(settings: Settings) -> Iterator[Client]:
    """The one that blocks."""
    with Client(settings=settings) as made:
        yield made


@pytest.fixture
async def async_client(settings: Settings) -> AsyncIterator[AsyncClient]:
    """The one that is awaited."""
    async with AsyncClient(settings=settings) as made:
        yield made


class Both:
    """One of the two clients, used in the same words; the blocking one blocks the loop, and works all the same."""

    def __init__(self, client: Client | AsyncClient) -> None:
        self.client = client

    def __getattr__(self, name: str) -> Any:
        async def ask(*args: Any, **kwargs: Any) -> Any:
            answer = getattr(self.client, name)(*args, **kwargs)
            if inspect.isawaitable(answer):
                return await answer
            if inspect.isasyncgen(answer):
                return [item async for item in answer]
            return [*answer] if inspect.isgenerator(answer) else answer

        return ask


@pytest.fixture(params=["client", "async_client"])
def both(request: pytest.FixtureRequest) -> Both:
    """Each test that takes it is run with each client."""
    return Both(request.getfixturevalue(request.param))
