"""One slot process as its supervisor sees it: how it is started, told, and what is left of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from orchestrator.ids import short_id
from worker.groups import Group

THREAD_BUDGETS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")


@dataclass(frozen=True)
class Ending:
    """How a process ended.

    Args:
        status: as `os.waitstatus_to_exitcode` gives it: negative is a signal.
        peak: of its memory, bytes.
    """

    status: int
    peak: int

    @property
    def facts(self) -> str:
        """For the document's log."""
        how = signal.Signals(-self.status).name if self.status < 0 else f"exit code {self.status}"
        return f"{how}, peak memory {self.peak // 2**20} MiB"


@dataclass
class SlotProcess:
    """A process and the slots in it.

    Args:
        names: of its slots, `<worker>/<n>`.
        incarnation: new at each start.
    """

    group: Group
    names: Sequence[str]
    incarnation: str = field(default_factory=short_id)
    short_lives: int = 0
    """How many processes in its place, one after the other, ended too soon."""
    popen: "subprocess.Popen[bytes] | None" = None
    _began: float = 0.0

    @property
    def slots(self) -> dict[str, str]:
        """Name -> incarnation."""
        return dict.fromkeys(self.names, self.incarnation)

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._began

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self.popen is not None
        return self.popen.pid

    def start(self, redis_url: str, threads: int) -> None:
        """Start the program, in a session of its own: never a fork, which CUDA does not survive.

        Called from the supervisor's main thread: the parent-death signal follows the thread.
        """
        names, lanes = ",".join(self.names), ",".join(self.group.lanes)
        words = ["--names", names, "--incarnation", self.incarnation, "--lanes", lanes, "--parent", str(os.getpid())]
        budget = dict.fromkeys(THREAD_BUDGETS, str(threads))
        self._began = time.monotonic()
        self.popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "worker.slot", *words],
            stdin=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            env={**os.environ, **budget, "DOCMILL_REDIS_URL": redis_url},
        )

    def order(self, line: str) -> None:
        """Tell it something; a process that has just ended hears nothing."""
        assert self.popen is not None and self.popen.stdin is not None
        with suppress(BrokenPipeError, ValueError):
            self.popen.stdin.write(line.encode() + b"\n")

    def kill(self) -> None:
        """Kill the whole process group: what the step had started goes too."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def reap(self) -> Ending:
        """Collect what is left of the ended process, and end what is left of its group."""
        assert self.popen is not None
        _, status, usage = os.wait4(self.pid, 0)
        self.popen.returncode = os.waitstatus_to_exitcode(status)
        if self.popen.stdin is not None:
            self.popen.stdin.close()
        self.kill()
        return Ending(self.popen.returncode, usage.ru_maxrss * 1024)
