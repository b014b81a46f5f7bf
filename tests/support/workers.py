"""A real worker, as its user starts it, in a process group of its own; and what its steps did."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from worker.testing.workers import Worker, runs, wait_until

__all__ = ["ROOT", "Worker", "effects", "running_worker", "runs", "wait_until"]

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def running_worker(url: str, folder: Path, **settings: str) -> Generator[Worker]:
    """A worker for as long as the block lasts; settings as `slots="cpu*1"`."""
    environment = {f"DOCMILL_{name.upper()}": value for name, value in settings.items()}
    environment |= {
        "DOCMILL_REDIS_URL": url,
        "DOCMILL_DATA_DIR": str(folder / "data"),
        "EFFECTS": str(folder / "effects"),
    }
    worker = Worker({**os.environ, **environment}, ROOT)
    try:
        yield worker
    finally:
        worker.end()


def effects(folder: Path) -> list[list[str]]:
    """What steps said that they did: [ns, pid, word…] each."""
    path = folder / "effects"
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []
