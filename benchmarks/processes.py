"""Worker processes: started in a group of their own, waited for, stopped."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
POLL = 0.02
"""Seconds between two looks at the board: rare enough to cost the worker nothing on a shared core."""
STOP_LIMIT = 15.0
"""Seconds that a worker has to end by itself."""


class Stuck(RuntimeError):
    """A worker ended, or did not get on; the text has the end of its log."""


@dataclass(frozen=True)
class Worker:
    """A running worker and its log."""

    process: "subprocess.Popen[bytes]"
    log: Path

    def wait(self, condition: Callable[[], bool], limit: float = 120.0, poll: float = POLL) -> None:
        """Wait until a condition holds.

        Raises:
            Stuck: the worker ended or the limit, seconds, was reached first.
        """
        end = time.monotonic() + limit
        while not condition():
            if self.process.poll() is not None:
                raise Stuck(f"the worker ended with {self.process.returncode}:\n{self._tail()}")
            if time.monotonic() > end:
                raise Stuck(f"the worker did not get that far in {limit:g} s:\n{self._tail()}")
            time.sleep(poll)

    def _tail(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])


@contextmanager
def running_worker(command: list[str], environment: dict[str, str], log: Path) -> Generator[Worker, None, None]:
    """Start a worker and stop it with SIGTERM: its main process alone, as a service manager would."""
    with log.open("ab") as file:
        process = subprocess.Popen(
            command, cwd=ROOT, env=with_root(environment), stdout=file, stderr=file, process_group=0
        )
    try:
        yield Worker(process, log)
    finally:
        _stop(process)


def with_root(environment: dict[str, str]) -> dict[str, str]:
    """The environment of a process that imports this package, wherever it was started."""
    return os.environ | {"PYTHONPATH": str(ROOT)} | environment


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(STOP_LIMIT)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)  # its own group only: what outlived it
    process.wait()
