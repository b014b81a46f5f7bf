"""A program that runs at most once a data folder, and outlives the command that started it.

It holds its own lock file by an inherited descriptor (flock), so the kernel itself says whether it runs, however it
died; and only a process that has that file open is ever sent a signal, so a reused process number harms nobody.
"""

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import msgspec
import psutil

from orchestrator.embedded.folder import Folder

LOOK = 0.02
"""Seconds between two looks at something that tells nobody of its change."""
LARGEST_LOG = 10 * 1024 * 1024
"""Bytes: a larger log is put aside (`.1`) at the next start."""
TAIL = 2048
"""Bytes of a log that are looked at for the reason of a program's end."""

_children: list["subprocess.Popen[bytes]"] = []
"""Kept, so that Python does not warn of children that are meant to outlive it."""


class Record(msgspec.Struct, frozen=True):
    """What is known of a program's last start."""

    pid: int
    command: list[str]
    socket: str = ""
    port: int = 0


class Program:
    """One of the programs of a data folder.

    Args:
        name: `valkey`, `llm`, `worker`, `api`.
    """

    def __init__(self, folder: Folder, name: str) -> None:
        self.name = name
        self.log = folder.logs / f"{name}.log"
        self._lock = folder.run / f"{name}.lock"
        self._record = folder.run / f"{name}.json"

    @property
    def record(self) -> Record | None:
        """What was written at its last start, running or not."""
        try:
            return msgspec.json.decode(self._record.read_bytes(), type=Record)
        except (FileNotFoundError, msgspec.DecodeError):
            return None

    @property
    def is_running(self) -> bool:
        """Whether a process holds the lock."""
        try:
            lock = os.open(self._lock, os.O_RDWR)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(lock)
        return False

    def start(self, command: Sequence[str], environment: Mapping[str, str], *, socket: str = "", port: int = 0) -> None:
        """Start it; the caller holds `starting` and knows that it does not run.

        Args:
            environment: added to ours.
            socket, port: where it will answer, for the record.
        """
        lock = os.open(self._lock, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            # Blocking: whoever only asks `is_running` holds it for an instant.
            fcntl.flock(lock, fcntl.LOCK_EX)
            child = self._spawn(command, environment, lock)
        finally:
            os.close(lock)
        record = Record(child.pid, list(command), socket, port)
        draft = self._record.with_suffix(".part")
        draft.write_bytes(msgspec.json.encode(record))
        draft.replace(self._record)

    def stop(self, patience: float, again: float = 0.0) -> bool:
        """Ask it to end (SIGTERM), then make it end (SIGKILL); returns whether it ran.

        Args:
            patience: seconds that it gets.
            again: seconds that it gets after a second SIGTERM, which tells a worker not to wait for its jobs.
        """
        ran = self.is_running
        for number, seconds in ((signal.SIGTERM, patience), (signal.SIGTERM, again), (signal.SIGKILL, 5.0)):
            if self.is_running and seconds:
                self._signal(number)
                self.wait_until_ended(seconds)
        return ran

    def wait_until_ended(self, seconds: float) -> bool:
        """Whether it ended within so long."""
        give_up = time.monotonic() + seconds
        while self.is_running:
            if time.monotonic() > give_up:
                return False
            time.sleep(LOOK)
        return True

    def last_words(self) -> str:
        """The end of its log, for the reason why it ended."""
        try:
            with self.log.open("rb") as file:
                file.seek(max(0, self.log.stat().st_size - TAIL))
                lines = [line for line in file.read().decode(errors="replace").splitlines() if line.strip()]
        except FileNotFoundError:
            return "it left no log"
        return " / ".join(lines[-2:]) or "it wrote nothing"

    def _spawn(self, command: Sequence[str], environment: Mapping[str, str], lock: int) -> "subprocess.Popen[bytes]":
        _put_aside(self.log)
        with self.log.open("ab") as log:
            child = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=[lock],
                env={**os.environ, **environment},
            )
        _children.append(child)
        return child

    def _signal(self, number: signal.Signals) -> None:
        for process in self._holders():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def _holders(self) -> list[psutil.Process]:
        """The processes that hold the lock: the recorded one, else (its starter died before it wrote) the one found."""
        record = self.record
        if record is not None and psutil.pid_exists(record.pid):
            process = psutil.Process(record.pid)
            if _has_open(process, self._lock):
                return [process]
        return [process for process in psutil.process_iter() if _has_open(process, self._lock)]


def _has_open(process: psutil.Process, path: Path) -> bool:
    """Whether that process has the file open; not ours to see means no."""
    if process.pid == os.getpid():
        return False
    try:
        return any(file.path == str(path.resolve()) for file in process.open_files())
    except psutil.Error:
        return False


def _put_aside(log: Path) -> None:
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
