"""Steps run here as the plain functions they are, with a context of the tests' own."""

import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from orchestrator.embedded.weights import fetch_weights
from orchestrator.models import loader_of
from orchestrator.settings import Settings
from tests.documents.fakes import FakeContext, free_port
from tests.documents.llm_server import FaultyServer, faulty_server
from worker.models.llm import LLM
from worker.pipelines import document as _catalogue

ROOT = Path(__file__).parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
KEPT_WEIGHTS = ROOT / ".pytest_cache" / "docmill"
"""98 MB, fetched by the first run on this checkout."""

assert _catalogue, "importing it enters the loaders into the catalogue"


@pytest.fixture
def ctx(tmp_path: Path) -> FakeContext:
    """A context whose data folder is the test's own."""
    return FakeContext(Settings(data_dir=tmp_path / "data"))


@pytest.fixture(scope="session")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's sample documents, freshly made."""
    folder = tmp_path_factory.mktemp("samples")
    subprocess.run([sys.executable, ROOT / "examples" / "make_samples.py", folder], check=True)
    return folder


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Real documents, beside the checkout."""
    if not CORPUS.is_dir():
        pytest.skip(f"the corpus is not at {CORPUS}")
    return CORPUS


@pytest.fixture(scope="session")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """The real PaddleOCR, loaded once."""
    pytest.importorskip("paddleocr")
    return loader_of("paddleocr")(Settings(data_dir=tmp_path_factory.mktemp("ocr")))


@pytest.fixture
def ocr_ctx(ctx: FakeContext, reader: Any) -> FakeContext:
    """A context with the real PaddleOCR."""
    ctx.models["paddleocr"] = reader
    return ctx


@pytest.fixture(scope="session")
def llm_url() -> Generator[str]:
    """The embedded LLM server, for real."""
    pytest.importorskip("xllamacpp")
    weights, port = fetch_weights(KEPT_WEIGHTS), free_port()
    command = [sys.executable, "-m", "orchestrator.embedded.llm_server", "--port", str(port), "--model", str(weights)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert "serving" in server.stdout.readline()
        yield f"http://127.0.0.1:{port}/v1"
        server.terminate()
        assert server.wait(10) == 0, "SIGTERM ends it"


@pytest_asyncio.fixture
async def llm_ctx(tmp_path: Path, llm_url: str) -> AsyncGenerator[FakeContext]:
    """A context with the real LLM; a client of its own, since each test has its own event loop."""
    ctx = FakeContext(Settings(data_dir=tmp_path / "data", llm_url=llm_url))
    yield ctx
    await ctx.model("llm").client.close()


@pytest.fixture
def faulty() -> Generator[FaultyServer]:
    """A server that goes wrong as it is told."""
    with faulty_server() as made:
        yield made


@pytest_asyncio.fixture
async def llm(faulty: FaultyServer) -> AsyncGenerator[LLM]:
    """Asks that server, as a worker of three llm slots does."""
    made: LLM = loader_of("llm")(Settings(llm_url=faulty.url, llm_model="m", slots="gpu*1 llm*3 cpu*5"))
    yield made
    await made.client.close()


@pytest.fixture
def lied_to(ctx: FakeContext, llm: LLM) -> FakeContext:
    """A context with the faulty server's LLM."""
    ctx.models["llm"] = llm
    return ctx
