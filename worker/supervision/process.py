"""One slot process as its supervisor sees it: how it is started, told and asked, and what is left of it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from orchestrator.ids import short_id
from worker.supervision.groups import Group
from worker.supervision.place import Place
from worker.supervision.stack_file import StackFile

THREAD_BUDGETS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMEXPR_NUM_THREADS")


@dataclass(frozen=True)
class Ending:
    """How a process ended.

    Args:
        status: as `os.waitstatus_to_exitcode` gives it: negative is a signal.
        peak: of its memory, bytes.
        by_kernel: the kernel killed something of this machine for want of memory meanwhile.
    """

    status: int
    peak: int
    by_kernel: bool = False

    @property
    def facts(self) -> str:
        """For the document's log."""
        how = signal.Signals(-self.status).name if self.status < 0 else f"exit code {self.status}"
        if self.by_kernel and self.status == -signal.SIGKILL:
            how += " by the kernel, which had no memory left"
        return f"{how}, peak memory {self.peak // 2**20} MiB"


@dataclass
class SlotProcess:
    """A process and the slots in it.

    Args:
        names: of its slots, `<worker>/<n>`; none while it stands by.
        incarnation: new at each start.
        place: the card it may use, and what it serves there.
    """

    group: Group
    names: Sequence[str]
    place: Place
    incarnation: str = field(default_factory=short_id)
    short_lives: int = 0
    """How many processes in its place, one after the other, ended too soon."""
    deaths: int = 0
    """How many in its place died, all in all."""
    popen: "subprocess.Popen[bytes] | None" = None
    ready_at: float | None = None
    """When it said that it is ready; monotonic seconds."""
    retiring: bool = False
    """It was told to end after its job, and another takes its place."""
    seat: int = -1
    """Of its group: the processes of one seat, one a runtime, come and go together."""
    outlived: str = ""
    """Why it asks to be replaced between two jobs."""
    surplus: bool = False
    """Nobody is to follow it."""
    told: bool = False
    """Redis was told of its end before it came: docmill killed it."""
    models: str = "[]"
    """What it said last of its models, JSON."""
    jobs: int = 0
    _began: float = 0.0
    _began_at: float = 0.0
    _status: int = -1
    _half_a_line: bytes = b""
    _stacks: StackFile | None = None

    @property
    def slots(self) -> dict[str, str]:
        """Name -> incarnation."""
        return dict.fromkeys(self.names, self.incarnation)

    @property
    def age(self) -> float:
        """Seconds since it was started."""
        return time.monotonic() - self._began

    @property
    def since(self) -> float:
        """When it was started, epoch seconds."""
        return self._began_at

    @property
    def running(self) -> bool:
        """Whether it was started, and not reaped."""
        return self.popen is not None and self.popen.returncode is None

    @property
    def pid(self) -> int:
        """Of the running process."""
        assert self.popen is not None
        return self.popen.pid

    @property
    def status_fd(self) -> int:
        """To select on: what the process says."""
        return self._status

    def start(self, redis_url: str, threads: int) -> None:
        """Start the program, in a session of its own: never a fork, which CUDA does not survive.

        Called from the supervisor's main thread: the parent-death signal follows the thread.
        """
        self._status, writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._stacks = StackFile()
        self._began, self._began_at = time.monotonic(), time.time()
        self.popen = subprocess.Popen(
            [sys.executable, "-P", "-m", "worker.slot", *self._words(writer)],
            stdin=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
            pass_fds=(writer, self._stacks.fileno()),
            env={**os.environ, **dict.fromkeys(THREAD_BUDGETS, str(threads)), **self.place.environment,
                 "DOCMILL_REDIS_URL": redis_url},
        )  # fmt: skip
        os.close(writer)

    def _words(self, writer: int) -> list[str]:
        assert self._stacks is not None
        words = ["--lanes", ",".join(self.group.lanes), "--parent", str(os.getpid()), "--status", str(writer)]
        words += ["--stacks", str(self._stacks.fileno()), "--words", " ".join(self.place.words)]
        if self.place.token:
            words += ["--card", self.place.token]
        return [*words, "--names", ",".join(self.names), "--incarnation", self.incarnation] if self.names else words

    def order(self, line: str) -> None:
        """Tell it something; a process that has just ended hears nothing."""
        assert self.popen is not None and self.popen.stdin is not None
        with suppress(BrokenPipeError, ValueError):
            self.popen.stdin.write(line.encode() + b"\n")

    def begin(self, names: Sequence[str]) -> None:
        """Give a process that stands by its place."""
        self.names = names
        self.order(f"begin {','.join(names)} {self.incarnation}")

    def said(self) -> list[list[str]]:
        """The words of each line that it has said since."""
        with suppress(BlockingIOError):
            self._half_a_line += os.read(self._status, 1 << 16)
        *lines, self._half_a_line = self._half_a_line.split(b"\n")
        return [line.decode(errors="replace").split(" ") for line in lines]

    def where_it_hangs(self) -> str:
        """Its stack, readable; empty where it does not answer, or is not far enough to be asked."""
        return "" if self.ready_at is None or self._stacks is None else self._stacks.ask(self.pid)

    def kill(self) -> None:
        """Kill the whole process group: what the step had started goes too."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def reap(self, by_kernel: bool = False) -> Ending:
        """Collect what is left of the ended process, and end what is left of its group.

        Args:
            by_kernel: the kernel killed something of this machine for want of memory meanwhile.
        """
        assert self.popen is not None
        _, status, usage = os.wait4(self.pid, 0)
        self.popen.returncode = os.waitstatus_to_exitcode(status)
        if self.popen.stdin is not None:
            self.popen.stdin.close()
        self.kill()
        os.close(self._status)
        if self._stacks is not None:
            self._stacks.close()
        return Ending(self.popen.returncode, usage.ru_maxrss * 1024, by_kernel)
