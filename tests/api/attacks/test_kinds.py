"""A file is what its first bytes say, whatever its name and its sender say."""

import zipfile
from io import BytesIO

import httpx
import pytest

from api.app import create_app
from orchestrator.settings import Settings
from tests.api.conftest import Connect
from tests.api.test_problems import check
from tests.support.server import Server

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1"


@pytest.fixture
async def client(settings: Settings, connect: Connect) -> httpx.AsyncClient:
    """A client of an application that has the real pipeline of documents."""
    return await connect(create_app(settings.model_copy(update={"pipelines": ("worker.pipelines.document:document",)})))


def zip_bomb() -> bytes:
    """A hundred million zeros."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(100_000_000))
    return packed.getvalue()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("invoice.pdf", b"MZ\x90\0 this program cannot be run"),
        ("invoice.pdf", b"<html><script>alert(1)</script>"),
        ("invoice.pdf", b"#!/bin/sh\nrm -rf /"),
        ("invoice.pdf", zip_bomb()),
        ("invoice.png", b"\x7fELF" + bytes(60)),
        ("empty.pdf", b""),
    ],
)
async def test_what_a_pipeline_does_not_read_is_not_stored(
    client: httpx.AsyncClient, settings: Settings, server: Server, name: str, content: bytes
) -> None:
    files = {"file": (name, content, "application/pdf")}
    answer = await client.post("/v1/documents", data={"pipeline": "document"}, files=files)
    assert "application/pdf" in check(answer, "unsupported-file")["detail"]
    assert not [path for path in (settings.data_dir / "blobs").rglob("*") if path.is_file()]
    assert server.redis.keys("*doc:*") == []


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n", b"scanner's own line\n%PDF-1.4", PNG, b"\xff\xd8\xff\xe0\0\x10JFIF", b"II*\0\x08\0\0\0"]
)
async def test_what_it_reads_is_taken_whatever_its_name(client: httpx.AsyncClient, content: bytes) -> None:
    files = {"file": ("notes.txt", content, "text/plain")}
    assert (await client.post("/v1/documents", data={"pipeline": "document"}, files=files)).status_code == 202
