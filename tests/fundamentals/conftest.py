"""One server and one worker for all that is shown here."""

from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from orchestrator.client import Mill
from orchestrator.settings import Settings
from tests.conftest import PIPELINES as USUAL
from tests.support.lenient import LENIENT
from tests.support.server import Server, running_server
from tests.support.workers import running_worker

PIPELINES = (*USUAL, *LENIENT)


@pytest.fixture(scope="module")
def folder() -> Generator[Path]:
    with TemporaryDirectory(prefix="dm") as name:
        yield Path(name)


@pytest.fixture(scope="module")
def running(folder: Path) -> Generator[Server]:
    with running_server(folder) as server:
        options = {"slots": "gpu*1 llm*4 cpu*2", "pipelines": ",".join(PIPELINES)}
        with running_worker(server.url, folder, **options):
            yield server


@pytest.fixture
async def mill(running: Server, folder: Path) -> AsyncGenerator[Mill]:
    settings = Settings(redis_url=running.url, data_dir=folder / "data", pipelines=PIPELINES)
    async with Mill.connect(running.url, settings) as connected:
        yield connected
