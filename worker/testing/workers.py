"""A real worker, as its user starts it: a supervisor and its slots, processes of their own, which a test may kill."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from orchestrator.errors import TooLate
from worker.testing.tied import tied


class Worker:
    """A supervisor and its slots. It ends with this process, whatever happens to it.

    Args:
        environment: all of it.
        folder: in which it is started; None is where this process is.
    """

    def __init__(self, environment: Mapping[str, str], folder: Path | None = None) -> None:
        command = tied([sys.executable, "-P", "-m", "worker"])
        self.process = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True)

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


def wait_until(condition: Callable[[], object], what: str, seconds: float = 30.0) -> None:
    """Until a condition holds that no event tells of: something inside another process.

    Raises:
        TooLate: it did not in time.
    """
    give_up = time.monotonic() + seconds
    while not condition():
        if time.monotonic() >= give_up:
            raise TooLate(f"not in {seconds:g} s: {what}")
        time.sleep(0.01)
