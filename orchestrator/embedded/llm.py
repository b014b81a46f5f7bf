"""The private LLM server of a data folder, on a free port of the loopback interface."""

import importlib.util
import socket
import sys
import urllib.error
import urllib.request

from orchestrator.embedded.folder import Folder
from orchestrator.embedded.program import Program
from orchestrator.embedded.starting import starting, wait_for
from orchestrator.embedded.weights import fetch_weights
from orchestrator.errors import MissingPart
from orchestrator.settings import Settings

LOADING = 120.0
"""Seconds that it gets to load its weights."""
SHUTDOWN = 5.0
ANSWER = 2.0
HOST = "127.0.0.1"


class LLMServer:
    """The server of one data folder."""

    def __init__(self, folder: Folder) -> None:
        self._folder = folder
        self.program = Program(folder, "llm")

    @property
    def url(self) -> str | None:
        """Its OpenAI-compatible base URL, if it was ever started."""
        record = self.program.record
        return f"http://{HOST}:{record.port}/v1" if record else None

    def ensure(self, model: str) -> str:
        """Start it unless it runs; returns its URL, a started one's once it answers.

        Args:
            model: the name that it gives its model.

        Raises:
            MissingPart: its package is not installed, or the weights cannot be fetched.
            NotStarted: it ended; the text has the end of its log.
        """
        with starting(self._folder, self.program.name):
            record = self.program.record
            if not self.program.is_running or record is None:
                self.program.stop(SHUTDOWN)
                self._start(model, record.port if record else 0)
                wait_for(self.program, lambda: is_healthy(self.url or ""), LOADING)
            # One that runs is not asked: a busy server answers late, and its callers know how to wait for it.
            return self.url or ""

    def stop(self) -> bool:
        """End it; returns whether it ran."""
        return self.program.stop(SHUTDOWN)

    def _start(self, model: str, last_port: int) -> None:
        if importlib.util.find_spec("xllamacpp") is None:
            raise MissingPart(
                'no LLM server is configured and the embedded one is not installed: pip install "docmill[embedded]", '
                "or set DOCMILL_LLM_URL to an OpenAI-compatible server, e.g. http://gpu1:8000/v1"
            )
        weights = fetch_weights(self._folder.root)
        # The last port again: a worker that runs on has its URL.
        port = last_port if last_port and _is_free(last_port) else _free_port()
        words = ["--host", HOST, "--port", str(port), "--model", str(weights), "--alias", model]
        self.program.start([sys.executable, "-P", "-m", "orchestrator.embedded.llm_server", *words], {}, port=port)


def ensure_llm(settings: Settings) -> str:
    """The base URL of the LLM to use: the configured one, else the private one, started where it does not run."""
    return settings.llm_url or LLMServer(Folder.of(settings.data_dir)).ensure(settings.llm_model)


def is_healthy(url: str) -> bool:
    """Whether the embedded server at that base URL says that it serves."""
    try:
        with urllib.request.urlopen(f"{url.removesuffix('/v1')}/health", timeout=ANSWER) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def _is_free(port: int) -> bool:
    try:
        with socket.create_server((HOST, port)):
            return True
    except OSError:
        return False


def _free_port() -> int:
    with socket.create_server((HOST, 0)) as probe:
        return int(probe.getsockname()[1])
