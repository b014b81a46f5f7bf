"""Which files of the server may be submitted by path."""

import os
from pathlib import Path

import httpx
import pytest

from api.app import create_app
from api.inputs import is_loopback
from orchestrator.settings import Settings
from tests.api.conftest import Connect
from tests.api.keyed import holding, new_key


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A root with a file, a way out of it, and what is no file; beside it a secret."""
    folder = tmp_path / "root"
    folder.mkdir()
    (folder / "good.txt").write_bytes(b"good")
    (tmp_path / "secret.txt").write_bytes(b"secret")
    (folder / "way-out.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "way-in.txt").symlink_to(folder / "good.txt")
    (folder / "circle").symlink_to(folder / "circle")
    os.mkfifo(folder / "pipe")
    return folder


async def kind_of(client: httpx.AsyncClient, path: Path) -> str:
    """`accepted`, or the problem's kind."""
    answer = await client.post("/v1/documents", json={"pipeline": "filed", "path": str(path)})
    return "accepted" if answer.status_code == 202 else answer.json()["type"].rpartition("/")[2]


async def test_roots_hold_after_symlinks_are_resolved(settings: Settings, connect: Connect, root: Path) -> None:
    """On loopback too: a proxy in front of it lets others in."""
    client = await connect(create_app(settings.model_copy(update={"input_roots": str(root)})))
    assert await kind_of(client, root / "good.txt") == "accepted"
    assert await kind_of(client, root / "way-in.txt") == "accepted"
    assert await kind_of(client, root / "way-out.txt") == "path-not-allowed"
    assert await kind_of(client, root / ".." / "secret.txt") == "path-not-allowed"
    assert await kind_of(client, root.parent / "absent.txt") == "path-not-allowed", "it tells nothing of what is there"
    assert await kind_of(client, root / "absent.txt") == "unreadable-path"
    for no_file in ("pipe", "circle", "."):
        assert await kind_of(client, root / no_file) == "unreadable-path"


async def test_without_roots_only_loopback_reads_paths(settings: Settings, connect: Connect, root: Path) -> None:
    """Bound to the network, every path is refused."""
    assert await kind_of(await connect(create_app(settings)), root / "good.txt") == "accepted"
    assert settings.redis_url is not None
    network = create_app(settings, "0.0.0.0")
    await connect(network)
    key = await new_key(settings.redis_url, "a", "submit")
    assert await kind_of(holding(network, key), root / "good.txt") == "path-not-allowed"


async def test_a_key_has_roots_of_its_own(settings: Settings, connect: Connect, root: Path) -> None:
    """They hold instead of the server's; and on loopback a key without any reads nothing: a proxy brings it from anywhere."""
    assert settings.redis_url is not None
    (root / "mine").mkdir()
    (root / "mine" / "good.txt").write_bytes(b"mine")
    (root / "mine" / "way-out.txt").symlink_to(root / "good.txt")
    app, rooted = create_app(settings), settings.model_copy(update={"input_roots": str(root)})
    await connect(app)
    mine = holding(app, await new_key(settings.redis_url, "a", "submit", roots=[str(root / "mine")]))
    assert await kind_of(mine, root / "mine" / "good.txt") == "accepted"
    for outside in (root / "good.txt", root / "mine" / "way-out.txt", root / "mine" / ".." / "good.txt"):
        assert await kind_of(mine, outside) == "path-not-allowed"
    none = await new_key(settings.redis_url, "a", "submit")
    assert await kind_of(holding(app, none), root / "good.txt") == "path-not-allowed"
    named = create_app(rooted)
    await connect(named)
    assert await kind_of(holding(named, none), root / "good.txt") == "accepted"
    nothing = await new_key(settings.redis_url, "a", "submit", roots=[])
    assert await kind_of(holding(named, nothing), root / "good.txt") == "path-not-allowed"


def test_loopback() -> None:
    """Addresses and the one name."""
    assert all(is_loopback(host) for host in ("127.0.0.1", "127.9.9.9", "::1", "localhost"))
    assert not any(is_loopback(host) for host in ("0.0.0.0", "::", "10.0.0.1", "mill.example", ""))
