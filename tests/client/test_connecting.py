"""Connecting: by what is configured, or named; and what is said where it fails."""

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from orchestrator import AsyncClient, Client
from orchestrator.embedded.folder import Folder
from orchestrator.embedded.valkey import Valkey
from orchestrator.errors import Unreachable
from orchestrator.settings import Settings
from tests.support.server import Server
from tests.support.workers import ROOT


def test_a_url_that_is_named_wins(server: Server, tmp_path: Path) -> None:
    settings = Settings(redis_url="redis://127.0.0.1:9", data_dir=tmp_path)
    with Client(server.url, settings=settings) as client:
        assert isinstance(client.lanes(), list)


def test_the_environment_is_read(server: Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    from orchestrator.settings import load_settings

    monkeypatch.setenv("DOCMILL_REDIS_URL", server.url)
    monkeypatch.setenv("DOCMILL_DATA_DIR", str(tmp_path))
    load_settings.cache_clear()
    with Client() as client:
        assert isinstance(client.workers(), list)
    load_settings.cache_clear()


def test_nothing_configured_is_the_private_server() -> None:
    with TemporaryDirectory(prefix="dm") as name:
        settings = Settings(data_dir=Path(name))
        try:
            with Client(settings=settings) as client:
                assert client.lanes() == []
        finally:
            assert Valkey(Folder.of(Path(name))).stop()


async def test_a_server_that_does_not_answer_is_named(tmp_path: Path) -> None:
    settings = Settings(redis_url=f"unix://{tmp_path}/nothing", data_dir=tmp_path)
    with pytest.raises(Unreachable, match="nothing"), Client(settings=settings):
        pass
    with pytest.raises(Unreachable, match="nothing"):
        await AsyncClient(settings=settings).lanes()


def test_patience_has_an_end(own_server: Server, tmp_path: Path) -> None:
    with Client(own_server.url, settings=Settings(data_dir=tmp_path), patience=0.2) as client:
        client.lanes()
        own_server.kill()
        with pytest.raises(Unreachable, match="does not answer"):
            client.lanes()
        own_server.start()
        assert client.lanes() == []


def test_the_clients_are_imported_with_their_first_use() -> None:
    """A worker that imports pipelines needs none of it."""
    program = (
        "import sys, orchestrator; print([m for m in ('asyncio', 'orchestrator.clients', 'redis') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "orchestrator.clients" not in done.stdout
    assert "redis" not in done.stdout
