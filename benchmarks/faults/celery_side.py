"""Celery under faults: a solo worker, acknowledged late, prefetch 1; its worker and its client run in its own environment."""

import json
import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.faults.journal import VARIABLE, Journal
from benchmarks.faults.seen import BOUND, FAULTY
from benchmarks.processes import ROOT, Stuck, Worker, running_worker, with_root
from benchmarks.server import Server

WORKER = ("worker", "--pool=solo", "--concurrency=1", "--loglevel=WARNING")
SAID = re.compile(r"\[[^\]]*: (?:WARNING|ERROR|CRITICAL)/\w+\] (.*)")
POLL = 0.01


@dataclass(frozen=True)
class CelerySide:
    """Starts workers and follows tasks; every process is a real one."""

    server: Server
    journal: Journal
    folder: Path
    python: Path

    @contextmanager
    def worker(self, name: str = "one", visibility: int | None = None) -> Generator[Worker, None, None]:
        """A solo worker; killed at the end, as one that hangs would not heed SIGTERM.

        Args:
            visibility: seconds; None is Celery's own, an hour.
        """
        command = [
            str(self.python),
            "-m",
            "celery",
            "-A",
            "benchmarks.faults.celery_tasks",
            *WORKER,
            "-n",
            f"{name}@%h",
        ]
        environment = self._environment | ({"DOCMILL_BENCH_VISIBILITY": str(visibility)} if visibility else {})
        self._log.unlink(missing_ok=True)
        with running_worker(command, environment, self._log) as worker:
            try:
                yield worker
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(worker.process.pid, signal.SIGKILL)

    def client(self, *words: str) -> None:
        """Submit, abort or revoke: see `celery_client`."""
        command = [str(self.python), "-m", "benchmarks.faults.celery_client", *words]
        subprocess.run(command, cwd=ROOT, env=with_root(self._environment), check=True)

    def begun(self, name: str = FAULTY) -> Callable[[], bool]:
        """Whether a task of that name has begun; to be waited for."""
        return lambda: bool(self.journal.entries("start", name))

    def next_start(self, after: int, name: str = "") -> float | None:
        """Seconds from that moment (ns) to the first start after it; None where none comes within `BOUND`."""
        while True:
            for one in self.journal.entries("start", name):
                if one.at > after:
                    return (one.at - after) / 1e9
            if time.monotonic_ns() - after > BOUND * 1e9:
                return None
            time.sleep(POLL)

    def state(self, name: str) -> str:
        """A task's state in the result store, in Celery's words."""
        client: Any = self.server.client
        found: dict[str, Any] = json.loads(client.get(f"celery-task-meta-{name}") or "{}")
        return found.get("status", "PENDING")

    def said(self) -> str:
        """The first warning or error in its log, short; or that there is none."""
        text = self._log.read_text(errors="replace") if self._log.exists() else ""
        found = SAID.findall(text)
        refused = re.findall(r"^NotImplementedError: .*", text, re.MULTILINE)
        return f"its log: {(refused or found)[0][:90]}" if found else "no warning in its log"

    @staticmethod
    def wait(worker: Worker, condition: Callable[[], bool], seconds: float) -> bool:
        """Wait so long at most; returns whether it came about."""
        with suppress(Stuck):
            worker.wait(condition, seconds)
        return condition()

    @property
    def _log(self) -> Path:
        return self.folder / "celery.log"

    @property
    def _environment(self) -> dict[str, str]:
        url = self.server.url
        return {"CELERY_BROKER_URL": url, "CELERY_RESULT_BACKEND": url, VARIABLE: str(self.journal.path)}
