"""docmill's own long-running programs, started for the user: a worker and the API."""

import socket
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping

from orchestrator.embedded.folder import Folder
from orchestrator.embedded.program import Program
from orchestrator.embedded.starting import starting, wait_for
from orchestrator.errors import UsageError

API_START = 60.0
"""Seconds until a started API must answer."""
API_SHUTDOWN = 10.0
AT_ONCE = 10.0
"""Seconds that a worker gets to return its jobs, once it was told not to wait for them."""
ANSWER = 2.0


def program(package: str) -> list[str]:
    """The command of one of docmill's own programs: never a folder of that name which lies where the user stands."""
    return [sys.executable, "-P", "-m", package]


class WorkerService:
    """The worker that docmill started, if it did."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self.program = Program(folder, "worker")

    def ensure(self, environment: Mapping[str, str]) -> bool:
        """Start it unless it runs; returns whether it was started. It announces itself in Redis when it is ready."""
        with starting(self._folder, self.program.name):
            if self.program.is_running:
                return False
            self.program.start(program("worker"), environment)
            return True

    def stop(self, patience: float) -> bool:
        """End it; returns whether it ran.

        Args:
            patience: seconds for the jobs that run; what has not ended by then goes back to its lane.
        """
        return self.program.stop(patience, AT_ONCE)


class ApiService:
    """The API that docmill started, if it did."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self.program = Program(folder, "api")

    @property
    def url(self) -> str | None:
        """Its base URL, if it was ever started."""
        record = self.program.record
        return f"http://{record.socket}:{record.port}" if record else None

    def ensure(self, environment: Mapping[str, str], host: str, port: int) -> str:
        """Start it unless it runs; returns its URL once it answers.

        Raises:
            NotStarted: it ended (a port that is taken, say); the text has the end of its log.
        """
        with starting(self._folder, self.program.name):
            if not self.program.is_running or self.url is None:
                self._check_port(host, port)
                command = [*program("api"), "--host", host, "--port", str(port)]
                self.program.start(command, environment, socket=host, port=port)
            url = self.url
            assert url is not None
            wait_for(self.program, lambda: _answers(url), API_START)
            return url

    def stop(self) -> bool:
        """End it; returns whether it ran."""
        return self.program.stop(API_SHUTDOWN)

    def _check_port(self, host: str, port: int) -> None:
        """Refused here: else another program that answers there would be taken for ours.

        Raises:
            UsageError: somebody else listens there.
        """
        try:
            with socket.create_server((host, port)):
                pass
        except OSError as problem:
            raise UsageError(f"the API cannot listen at {host}:{port} ({problem.strerror}): use --port") from None


def _answers(url: str) -> bool:
    """Any HTTP answer will do: whether Redis is well is another question."""
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=ANSWER):
            return True
    except urllib.error.HTTPError:
        return True
    except (urllib.error.URLError, OSError):
        return False
