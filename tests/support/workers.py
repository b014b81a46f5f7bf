"""A real worker, as its user starts it, in a process group of its own."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

ROOT = Path(__file__).resolve().parents[2]


class Worker:
    """A supervisor and its slots."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "worker"], cwd=ROOT, env={**os.environ, **environment}, start_new_session=True
        )

    def slots(self) -> list[psutil.Process]:
        """The slot processes that run."""
        try:
            children = psutil.Process(self.process.pid).children()
        except psutil.NoSuchProcess:
            return []
        return [child for child in children if runs(child)]

    def group(self) -> list[int]:
        """The worker's group: the supervisor and each slot's group."""
        return [self.process.pid, *(slot.pid for slot in self.slots())]

    def signal_group(self, number: int) -> None:
        """Signal all of it."""
        for pid in self.group():
            with suppress(ProcessLookupError):
                os.killpg(pid, number)

    def stop(self) -> int:
        """SIGTERM, which drains; returns the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)

    def end(self) -> None:
        """SIGKILL to all of it: the supervisor first, stopped, so that it starts no slot that nobody would see."""
        with suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGSTOP)
        self.signal_group(signal.SIGKILL)
        self.process.wait()


def runs(process: psutil.Process) -> bool:
    """Whether a process has not ended, also where it ends while it is asked."""
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@contextmanager
def running_worker(url: str, folder: Path, **settings: str) -> Generator[Worker]:
    """A worker for as long as the block lasts; settings as `slots="cpu*1"`."""
    environment = {f"DOCMILL_{name.upper()}": value for name, value in settings.items()}
    environment |= {
        "DOCMILL_REDIS_URL": url,
        "DOCMILL_DATA_DIR": str(folder / "data"),
        "EFFECTS": str(folder / "effects"),
    }
    worker = Worker(environment)
    try:
        yield worker
    finally:
        worker.end()


def wait_until(condition: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Until a condition holds that no event tells of: something inside another process.

    Raises:
        AssertionError: it did not in time.
    """
    give_up = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < give_up, f"not in {seconds:g} s: {what}"
        time.sleep(0.01)


def effects(folder: Path) -> list[list[str]]:
    """What steps said that they did: [ns, pid, word…] each."""
    path = folder / "effects"
    return [line.split() for line in path.read_text().splitlines()] if path.exists() else []
