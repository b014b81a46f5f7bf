"""Results in an object store, over HTTP: moto's server speaks S3."""

import warnings
from collections.abc import Generator
from pathlib import Path
from typing import Any

import fsspec  # pyright: ignore[reportMissingTypeStubs]
import msgspec
import pytest

from orchestrator.findings import Category, Field, Fields, Result, Summary, Text
from orchestrator.settings import Settings
from orchestrator.source import Source
from tests.documents.fakes import FakeContext
from worker.steps.store import store


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Generator[str]:
    """The URL of an empty bucket."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        server_module: Any = pytest.importorskip("moto.server", reason="pip install --group dev brings moto")
        pytest.importorskip("s3fs")
        server: Any = server_module.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        server.start()
    host, port = server.get_host_and_port()
    told = {"AWS_ENDPOINT_URL": f"http://{host}:{port}", "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}
    for name, value in (told | {"AWS_ACCESS_KEY_ID": "k", "AWS_SECRET_ACCESS_KEY": "s"}).items():
        monkeypatch.setenv(name, value)
    files: Any = fsspec.filesystem("s3", skip_instance_cache=True)  # pyright: ignore[reportUnknownMemberType]
    files.mkdir("docmill-results")
    yield "s3://docmill-results/prefix"
    server.stop()


def test_results_in_an_object_store(bucket: str, tmp_path: Path) -> None:
    """One object a delivery, whole."""
    ctx = FakeContext(Settings(data_dir=tmp_path / "data", results_url=bucket))
    parts = (Text("Total 4", 1, 0, 2), Category("invoice", 0.99), Fields({"total": Field("4", "amount")}))
    stored = store(Source("a.pdf", "doc1/input/a.pdf"), *parts, Summary("A bill.", 2), pages=[], ctx=ctx)
    assert stored.url == "s3://docmill-results/prefix/doc1/7.json"
    files: Any = fsspec.filesystem("s3")  # pyright: ignore[reportUnknownMemberType]
    result = msgspec.json.decode(files.cat_file(stored.url), type=Result)
    assert (result.document, result.fields.fields["total"].value) == ("doc1", "4")
