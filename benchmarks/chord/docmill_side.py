"""docmill's half: the page's own code, a worker with one slot for both lanes."""

import sys
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from benchmarks.chord.leftovers import keys
from benchmarks.chord.seen import Keys, Seen
from benchmarks.chord.shop import FOLDER, PARTS, WAITING, Shop
from benchmarks.processes import Worker, running_worker
from benchmarks.server import Server
from examples.coming_from_celery import docmill_side
from worker.testing import TestMill

DAY = 86_400
PATIENCE = 60
"""Seconds for which the batch is waited for."""
PIPELINES = ",".join(f"{docmill_side.__name__}:{name}" for name in ("document", "report"))


@dataclass(frozen=True)
class DocmillSide:
    """docmill, by the page; time passes by what `TestMill.shift` moves."""

    server: Server
    shop: Shop

    def see(self) -> Seen:
        """Submit a batch and wait for it; then let an urgent document come behind others."""
        with TestMill(self.server.url, self.shop.folder / "data") as mill:
            docmill_side.client = mill.client
            mill.use(docmill_side.document, docmill_side.report)
            return self._see(mill)

    def _see(self, mill: TestMill) -> Seen:
        self.shop.forget()
        with self._worker() as worker:
            mill.client.wait_batch(docmill_side.process_batch([self.shop.document("first")]), timeout=PATIENCE)
            worker.wait(lambda: len(self.shop.reports()) == 1)
        self.shop.forget()
        before = keys(self.server)
        with self._worker() as worker:
            begun = time.time()
            batch = docmill_side.process_batch(self.shop.batch())
            mill.client.wait_batch(batch, timeout=PATIENCE)
            told = mill.client.result(f"{batch}.aggregate", timeout=PATIENCE)
            seconds = time.time() - begun
            worker.wait(self._stored(PARTS - 1))
        left = keys(self.server) - before
        reports, stored, last = self.shop.reports(), self.shop.stored(), self.shop.last_stored()
        urgent = self._before_urgent()
        return Seen(
            len(reports), " ".join(map(str, reports)), f"its result: {told}", seconds, stored, last - begun,
            Keys(len(left), self._later(mill, left)), urgent,
        )  # fmt: skip

    def _before_urgent(self) -> int:
        self.shop.forget()
        for number in range(WAITING):
            docmill_side.process_document(self.shop.document(f"waits{number}"))
        docmill_side.process_urgent(self.shop.document("urgent"))
        with self._worker() as worker:
            worker.wait(self._stored(WAITING + 1))
        return self.shop.done_before("urgent")

    def _stored(self, count: int) -> Callable[[], bool]:
        return lambda: self.shop.stored() >= count

    def _later(self, mill: TestMill, left: set[str]) -> dict[str, int]:
        later: dict[str, int] = {}
        for when, seconds in (("25 h", DAY + 3600), ("31 days", 30 * DAY)):
            mill.shift(seconds)
            later[when] = len(keys(self.server) & left)
        return later

    def _worker(self) -> AbstractContextManager[Worker]:
        environment = {
            "DOCMILL_REDIS_URL": self.server.url,
            "DOCMILL_DATA_DIR": str(self.shop.folder / "data"),
            "DOCMILL_PIPELINES": PIPELINES,
            "DOCMILL_SLOTS": "cpu=gpu,cpu",
            FOLDER: str(self.shop.found),
        }
        return running_worker([sys.executable, "-m", "worker"], environment, self.shop.folder / "docmill.log")
