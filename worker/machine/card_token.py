"""The card token: two processes of different runtimes on one card never run two items at a time."""

import fcntl
import os
import re
import tempfile
import time
from pathlib import Path
from types import TracebackType

POLL = 0.005
"""Seconds between two tries: the kernel's wait for such a lock has no time limit."""


class CardToken:
    """A lock file by card; the kernel frees it when its holder dies, however that dies.

    Not for two threads of one process; safe between any number of processes of one user.

    Args:
        name: the card's UUID; a label on a machine without a card.
        folder: where the lock file is; the same for all processes that share the card.
    """

    def __init__(self, name: str, folder: Path | None = None) -> None:
        self.name = name
        self.path = (folder or _usual_folder()) / f"{re.sub(r'[^A-Za-z0-9_-]', '_', name)}.lock"
        self._held: int | None = None

    @property
    def held(self) -> bool:
        """Whether this process has it."""
        return self._held is not None

    def acquire(self, timeout: float = 0.0) -> bool:
        """Take it; whether it was had in time. Taking what is held already changes nothing.

        Args:
            timeout: seconds to wait for another process to release it.
        """
        if self._held is not None:
            return True
        self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Python closes it in programs that this process starts, so none of them can keep the card.
        opened = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
        give_up = time.monotonic() + timeout
        try:
            while not _try_lock(opened):
                if time.monotonic() >= give_up:
                    return False
                time.sleep(POLL)
            self._held = opened
            return True
        finally:
            if self._held is None:
                os.close(opened)

    def release(self) -> None:
        """Give it back; nothing happens where it is not held. The file stays: to remove it would part its holders."""
        if self._held is not None:
            held, self._held = self._held, None
            os.close(held)

    def __enter__(self) -> "CardToken":
        self.acquire(float("inf"))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()


def _try_lock(opened: int) -> bool:
    try:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _usual_folder() -> Path:
    """One a user and machine, so that workers of different data folders still share a card."""
    return Path(os.environ.get("XDG_RUNTIME_DIR") or tempfile.gettempdir()) / f"docmill-cards-{os.getuid()}"
