"""Orders from the supervisor: one line each on stdin. The end of the file means that the supervisor is gone.

`drain`            claim nothing more
`cancel <token>`   the job of that lease is not wanted any more; ignored where it is not run any more
`begin <names> <incarnation>`   to a process that stands by: these slots are yours
"""

import queue
import threading
from collections.abc import Callable, Iterable

from orchestrator.logs import logger

log = logger(__name__)

REMEMBERED = 1000
"""Cancelled tokens: far more than one process runs at a time, and an order may come before its job has begun."""


class Orders:
    """Listens in a thread of its own, so that a busy slot hears too.

    Args:
        lines: where they come from, if not from stdin.
    """

    def __init__(self, lines: Iterable[bytes] | None = None) -> None:
        self._lines = _stdin() if lines is None else lines
        self.stopping = False
        """Whether no further job may be claimed."""
        self._begun: queue.SimpleQueue[tuple[list[str], str] | None] = queue.SimpleQueue()
        self._cancelled: dict[str, None] = {}
        self._on_cancel: Callable[[str], object] | None = None
        self._listener = threading.Thread(target=self._listen, name="orders", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._listener.start()

    def stand_by(self) -> tuple[list[str], str] | None:
        """Wait for the slots' names and their incarnation; None where the process is to end instead."""
        return self._begun.get()

    def cancelled(self, token: str) -> bool:
        """Whether the job of that lease was ordered to end."""
        return token in self._cancelled

    def on_cancel(self, tell: Callable[[str], object]) -> None:
        """Call `tell(token)` at each order to cancel from now on, in the listening thread."""
        self._on_cancel = tell

    def _listen(self) -> None:
        try:
            for line in self._lines:
                self._follow(line.decode(errors="replace").split())
        finally:
            self._stop()

    def _stop(self) -> None:
        self.stopping = True
        self._begun.put(None)

    def _follow(self, words: list[str]) -> None:
        match words:
            case ["drain"]:
                self._stop()
            case ["begin", names, incarnation]:
                self._begun.put((names.split(","), incarnation))
            case ["cancel", token]:
                self._cancel(token)
            case _:
                log.warning("unknown order", order=" ".join(words)[:100])

    def _cancel(self, token: str) -> None:
        self._cancelled[token] = None
        if len(self._cancelled) > REMEMBERED:
            del self._cancelled[next(iter(self._cancelled))]
        if self._on_cancel is not None:
            self._on_cancel(token)


def _stdin() -> Iterable[bytes]:
    """Not `sys.stdin`: its buffer has a lock, and Python aborts if this thread holds it when the process ends."""
    return open(0, "rb", buffering=0, closefd=False)
