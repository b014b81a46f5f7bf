"""Where a slot writes its stacks when it is asked: a file without a name, which it inherits."""

import os
import tempfile
import time
from contextlib import suppress

from worker.line.stacks import ASK, readable_stack

PATIENCE = 0.5
"""Seconds that a hung process has to write where it hangs; the kernel lets a signal's handler run within milliseconds."""
LOOK = 0.01
"""Seconds between two looks into the file."""


class StackFile:
    """The supervisor's end."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile()  # noqa: SIM115  # open for as long as the process lives

    def fileno(self) -> int:
        """To be inherited."""
        return self._file.fileno()

    def ask(self, pid: int) -> str:
        """Where that process hangs, in one line; empty where it does not answer.

        Args:
            pid: of a process that has armed itself; another would end of the signal.
        """
        before = self._file.seek(0, os.SEEK_END)
        with suppress(ProcessLookupError):
            os.kill(pid, ASK)
        return readable_stack(self._written_after(before))

    def close(self) -> None:
        """Nobody will be asked any more."""
        self._file.close()

    def _written_after(self, before: int) -> str:
        """What is in the file from there on, once nothing more is added."""
        give_up, text = time.monotonic() + PATIENCE, b""
        while time.monotonic() < give_up:
            time.sleep(LOOK)
            self._file.seek(before)
            now = self._file.read()
            if now and now == text:
                break
            text = now
        return text.decode(errors="replace")
