"""Celery as a peer: its worker and its client are processes of its own environment."""

import json
import subprocess
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.board import VARIABLE
from benchmarks.measuring import Bench, Kind
from benchmarks.processes import ROOT, Worker, running_worker, with_root

WORKER = ("worker", "--pool=solo", "--concurrency=1", "--loglevel=WARNING")


@dataclass(frozen=True)
class CeleryPeer:
    """Celery with the stock settings but for those in `tasks.py`."""

    bench: Bench
    python: Path

    def submit(self, kind: Kind, count: int) -> float:
        """`.delay()` or `chain(…).apply_async()` for each document; answers the seconds."""
        command = [str(self.python), "-m", "benchmarks.celery_peer.submitting", kind, str(count)]
        done = subprocess.run(
            command, cwd=ROOT, env=with_root(self._environment), stdout=subprocess.PIPE, text=True, check=True
        )
        return float(json.loads(done.stdout)["seconds"])

    def worker(self) -> AbstractContextManager[Worker]:
        """A solo worker: the process that takes the tasks runs them, which is Celery's fastest way."""
        command = [str(self.python), "-m", "celery", "-A", "benchmarks.celery_peer.tasks", *WORKER]
        return running_worker(command, self._environment, self.bench.folder / "celery.log")

    @property
    def _environment(self) -> dict[str, str]:
        url = self.bench.server.url
        return {"CELERY_BROKER_URL": url, "CELERY_RESULT_BACKEND": url, VARIABLE: str(self.bench.board.path)}
