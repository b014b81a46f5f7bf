"""docmill under faults: its workers, its documents, and what their logs say."""

import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.faults.journal import VARIABLE, Journal
from benchmarks.faults.pipelines import PIPELINES
from benchmarks.faults.seen import FAULTY
from benchmarks.processes import Worker, running_worker
from benchmarks.server import Server
from orchestrator.client import Mill
from orchestrator.settings import Settings
from orchestrator.views import Document

LIMIT = 60.0
"""Seconds for what must happen."""
LONGEST = 90
"""Characters of a log line in the table."""


@dataclass(frozen=True)
class DocmillSide:
    """Starts workers and follows documents; every process is a real one."""

    server: Server
    journal: Journal
    folder: Path
    pipelines: tuple[str, ...] = PIPELINES
    environment: Mapping[str, str] = field(default_factory=dict[str, str])
    """More of it for the worker."""

    @contextmanager
    def worker(self, **settings: str) -> Generator[Worker, None, None]:
        """A worker with one gpu slot and nobody in reserve, unless the settings say so: `standby="1"`."""
        given = {"slots": "gpu*1", "standby": "0", "drain_timeout": "5"} | settings
        environment = {f"DOCMILL_{name.upper()}": value for name, value in given.items()} | {
            "DOCMILL_REDIS_URL": self.server.url,
            "DOCMILL_DATA_DIR": str(self.folder / "data"),
            "DOCMILL_PIPELINES": ",".join(self.pipelines),
            VARIABLE: str(self.journal.path),
            **self.environment,
        }
        with running_worker([sys.executable, "-m", "worker"], environment, self.folder / "docmill.log") as worker:
            try:
                yield worker
            finally:
                signal_group(worker, signal.SIGCONT)  # what is stopped cannot be ended

    def mill(self) -> Mill:
        """A client."""
        return Mill.connect(
            self.server.url,
            Settings(redis_url=self.server.url, data_dir=self.folder / "data", pipelines=self.pipelines),
        )

    def begun(self, name: str = FAULTY) -> Callable[[], bool]:
        """Whether a job of that name has begun; to be waited for."""
        return lambda: bool(self.journal.entries("start", name))

    def next_start(self, worker: Worker, after: int) -> float:
        """Seconds from that moment (ns) to the first start after it, of whichever job; waits for it."""
        worker.wait(lambda: self.journal.entries("start")[-1].at > after, LIMIT)
        return (next(one.at for one in self.journal.entries("start") if one.at > after) - after) / 1e9


def group(worker: Worker) -> list[int]:
    """The supervisor and its slots: each leads a process group of its own."""
    with suppress(psutil.NoSuchProcess):
        return [worker.process.pid, *(child.pid for child in psutil.Process(worker.process.pid).children())]
    return []


def signal_group(worker: Worker, number: int) -> None:
    """Signal all of a worker."""
    for pid in group(worker):
        with suppress(ProcessLookupError):
            os.killpg(pid, number)


def told(document: Document) -> str:
    """How it ended, and what its log says: alike lines once, with their number."""
    kind = f": {document.error.split(': ')[1]}" if document.status == "failed" and document.error else ""
    log = [line for line in document.log if not line.split(" ", 2)[2].startswith(f"{document.status}:")]
    return "; ".join([f"{document.status}{kind}", *_lines(log)])


def _lines(log: Sequence[str]) -> list[str]:
    alike = Counter(line.split(" ", 2)[2].partition(":")[0] for line in log)
    first = {line.split(" ", 2)[2].partition(":")[0]: line.split(" ", 2)[2] for line in reversed(log)}
    return [f"{count} × {_short(first[what])}" if count > 1 else _short(first[what]) for what, count in alike.items()]


def _short(line: str) -> str:
    """What a table has room for: no peaks, and of a stack where it hung, not who called that."""
    short = re.sub(r", peak memory \d+ MiB| < .*", "", line)
    return short if len(short) <= LONGEST else f"{short[:LONGEST]}…"
