"""A client that a generator makes of the OpenAPI description, which knows nothing else of docmill, does its work."""

import importlib
import json
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from api.app import create_app
from orchestrator.settings import Settings
from tests.observing.rig import PIPELINES, running_api
from tests.support.server import Server
from tests.support.workers import ROOT, running_worker

GENERATOR = "openapi-python-client==0.29.1"
FOLDER = ROOT / ".venv-openapi"
"""An environment of its own: it wants another typer than docmill does."""
SDK = "generated_docmill"
UNKNOWN = ("application/jsonl", "image/svg+xml")
"""What this generator cannot write or read; the JSON form of a batch, and the graph's own JSON, it can."""


@pytest.fixture(scope="module")
def generator() -> Path:
    """The generator's command, installed on the first run."""
    command = FOLDER / "bin" / "openapi-python-client"
    if not (FOLDER / GENERATOR).exists():
        venv.create(FOLDER, clear=True, with_pip=True)
        pip = [str(FOLDER / "bin" / "python"), "-m", "pip", "install", "--quiet", GENERATOR]
        done = subprocess.run(pip, capture_output=True, text=True, check=False)
        if done.returncode:
            pytest.skip(f"{GENERATOR} could not be installed: {done.stderr[-200:]}")
        (FOLDER / GENERATOR).touch()  # last: a half-made environment is made again
    return command


@pytest.fixture(scope="module")
def told(generator: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the generator said, once its client lies on Python's path."""
    folder = tmp_path_factory.mktemp("sdk")
    settings = Settings(redis_url="redis://127.0.0.1:1/0", data_dir=folder, pipelines=PIPELINES)
    (folder / "openapi.json").write_text(json.dumps(create_app(settings).openapi()))
    words = ["generate", "--path", "openapi.json", "--output-path", SDK, "--meta", "none"]
    done = subprocess.run([str(generator), *words], cwd=folder, capture_output=True, text=True, check=True)
    sys.path.insert(0, str(folder))
    return done.stdout + done.stderr


@pytest.fixture
def sdk(told: str, server: Server, tmp_path: Path) -> Iterator[Any]:
    """Its client, of a running API whose documents a worker takes."""
    served = {"slots": "cpu*1 gpu*1 llm*1", "pipelines": ",".join(PIPELINES)}
    with running_api(server.url, tmp_path) as address, running_worker(server.url, tmp_path, **served), _of(
        "client"
    ).Client(base_url=f"http://{address}") as client:  # fmt: skip
        yield client


def _of(name: str) -> ModuleType:
    return importlib.import_module(f"{SDK}.{name}")


def test_each_endpoint_is_understood(told: str) -> None:
    """None is left out; what is warned of are two media types beside JSON."""
    assert "will not be generated" not in told, told
    warned = [line for line in told.splitlines() if "nsupported content" in line]
    assert len(warned) == len(UNKNOWN) and all(any(kind in line for kind in UNKNOWN) for line in warned), told
    assert told.count("WARNING") == len(UNKNOWN), told


def test_it_submits_and_reads_a_document(sdk: Any) -> None:
    """Typed all the way: the body it sends, the document that it gets, its result."""
    documents, models = "api.documents.documents", _of("models")
    body = models.Submission.from_dict({"pipeline": "shouting", "parameters": {"text": "a b c"}, "priority": 9})
    accepted = _of(f"{documents}_submit").sync(client=sdk, body=body)
    assert isinstance(accepted, models.Accepted) and accepted.status == "queued"
    document = _of(f"{documents}_read").sync(accepted.id, client=sdk, wait=30)
    assert isinstance(document, models.Document) and document.status == "succeeded", document
    assert document.priority == 9 and [step.state for step in document.steps] == ["done"] * len(document.steps)
    result = _of(f"{documents}_result").sync_detailed(accepted.id, client=sdk)
    assert result.status_code == 200 and b"A B C" in result.content
    missing = _of(f"{documents}_read").sync("0-000000000000000000", client=sdk)
    assert isinstance(missing, models.ProblemBody) and missing.type_ == "/problems/unknown-document"
