"""The API and a worker as processes of their own, over a real server, and all the lines that they log."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.documents.fakes import free_port
from tests.support.server import Server
from tests.support.workers import ROOT, wait_until
from worker.testing.tied import tied

NAMES = ",".join(f"tests.telling.pipelines:{name}" for name in ("told", "dying", "noted", "gathered"))


@dataclass
class Whole:
    """All that runs.

    Args:
        folder: where each process' lines go, in `<process>.log`.
    """

    folder: Path
    url: str
    processes: "dict[str, subprocess.Popen[bytes]]" = field(default_factory=dict[str, "subprocess.Popen[bytes]"])

    @property
    def text(self) -> str:
        """Every byte that was logged."""
        return "".join(path.read_text() for path in sorted(self.folder.glob("*.log")))

    @property
    def lines(self) -> list[dict[str, Any]]:
        """All lines of all processes, each of which is one JSON object."""
        return [json.loads(line) for line in self.text.splitlines()]

    def about(self, document: str) -> list[dict[str, Any]]:
        """What a grep for a document finds."""
        return [json.loads(line) for line in self.text.splitlines() if document in line and line.endswith("}")]

    def submit(self, pipeline: str, text: str, wait: int = 30, **headers: str) -> str:
        """Submit over REST, wait for its end, at most so many seconds; returns its id."""
        body = {"pipeline": pipeline, "parameters": {"text": text}}
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = httpx.post(
            f"{self.url}/v1/documents", json=body, headers={"prefer": f"wait={wait}", **named}, timeout=40
        )
        assert answer.status_code in {200, 202}, answer.text
        document = answer.json()["id"]
        wait_until(
            lambda: any("method" in line for line in self.about(document)),
            "the request's line, written once it is answered",
        )
        return document

    def order(self, lane: str, act: str) -> None:
        """Pause a lane, or resume it."""
        httpx.post(f"{self.url}/v1/lanes/{lane}/{act}").raise_for_status()

    def start(self, name: str, command: list[str], environment: Mapping[str, str]) -> None:
        """Start a process; its stderr is its log."""
        with (self.folder / f"{name}.log").open("wb") as log:
            self.processes[name] = subprocess.Popen(
                tied(command), cwd=ROOT, env=environment, stderr=log, start_new_session=True
            )

    def drain(self) -> None:
        """End each as an operator does, so that it sends what it has left."""
        for process in self.processes.values():
            process.send_signal(signal.SIGTERM)
        for process in self.processes.values():
            process.wait(30)


@contextmanager
def whole(server: Server, folder: Path, pipelines: str = NAMES, **settings: str) -> Generator[Whole]:
    """For as long as the block lasts; settings as `slots="cpu*1"`."""
    port = free_port()
    named = {f"DOCMILL_{name.upper()}": value for name, value in settings.items()}
    named |= {"DOCMILL_REDIS_URL": server.url, "DOCMILL_DATA_DIR": str(folder / "data")}
    environment = {**os.environ, "DOCMILL_SLOTS": "cpu*1 llm*2", "DOCMILL_PIPELINES": pipelines, **named}
    made = Whole(folder, f"http://127.0.0.1:{port}")
    environment["EFFECTS"] = str(folder / "effects")
    made.start("api", [sys.executable, "-m", "api", "--port", str(port)], environment)
    made.start("worker", [sys.executable, "-P", "-m", "worker"], environment)
    try:
        wait_until(lambda: _answers(made), "the API answers")
        yield made
    finally:
        made.drain()


def _answers(made: Whole) -> bool:
    try:
        return httpx.get(f"{made.url}/healthz").status_code == 200
    except httpx.TransportError:
        return False
