"""Celery's half: the page's own code, a solo worker, its client in its own environment."""

import json
import subprocess
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.chord.leftovers import keys, outlives
from benchmarks.chord.seen import Keys, Seen
from benchmarks.chord.shop import FOLDER, PARTS, WAITING, Shop
from benchmarks.processes import ROOT, Worker, running_worker, with_root
from benchmarks.server import Server

WORKER = ("worker", "--pool=solo", "-Q", "gpu,cpu", "--loglevel=WARNING")
LATER = 25 * 3600
"""Seconds: Celery keeps a day."""
QUIET = 3.0
"""Seconds after the last document was stored in which an aggregate may still run."""


@dataclass(frozen=True)
class CelerySide:
    """Celery, by the page."""

    server: Server
    shop: Shop
    python: Path

    def see(self) -> Seen:
        """Submit a batch and wait for it; then let an urgent document come behind others."""
        self.shop.forget()
        with self._worker() as worker:
            self._client("batch", self.shop.document("first"))
            worker.wait(lambda: len(self.shop.reports()) == 1)
        self.shop.forget()
        before = keys(self.server)
        with self._worker() as worker:
            told = self._client("batch", *self.shop.batch())
            worker.wait(self._stored(PARTS - 1))
            time.sleep(QUIET)
        left = keys(self.server) - before
        reports, stored = self.shop.reports(), self.shop.stored()
        seconds = self.shop.last_stored() - told["begun"]
        return Seen(
            len(reports), " ".join(map(str, reports)), told["told"], told["seconds"], stored, seconds,
            Keys(len(left), {"25 h": sum(outlives(self.server, key, LATER) for key in left)}), self._before_urgent(),
        )  # fmt: skip

    def _before_urgent(self) -> int:
        self.shop.forget()
        self._client("document", *(self.shop.document(f"waits{number}") for number in range(WAITING)))
        self._client("urgent", self.shop.document("urgent"))
        with self._worker() as worker:
            worker.wait(self._stored(WAITING + 1))
        return self.shop.done_before("urgent")

    def _stored(self, count: int) -> Callable[[], bool]:
        return lambda: self.shop.stored() >= count

    def _client(self, *words: str) -> dict[str, Any]:
        command = [str(self.python), "-m", "benchmarks.chord.celery_client", *words]
        environment = with_root(self._environment)
        done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout)

    def _worker(self) -> AbstractContextManager[Worker]:
        command = [str(self.python), "-m", "celery", "-A", "examples.coming_from_celery.celery_side", *WORKER]
        return running_worker(command, self._environment, self.shop.folder / "celery.log")

    @property
    def _environment(self) -> dict[str, str]:
        url = self.server.url
        return {"CELERY_BROKER_URL": url, "CELERY_RESULT_BACKEND": url, FOLDER: str(self.shop.found)}
