"""Hears when the supervisor is to look at once: a document was cancelled. Without it, it would look within a second."""

import os
import threading
from contextlib import suppress

from orchestrator.connection import hear
from orchestrator.keys import Keys


class Listening:
    """Something to select on, which is readable when there is a reason to look.

    Args:
        worker: whose channel is listened to.
    """

    def __init__(self, redis_url: str, worker: str) -> None:
        self._url, self._channel = redis_url, Keys().worker(worker)
        self._reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self._thread = threading.Thread(target=self._listen, name="listening", daemon=True)

    def start(self) -> None:
        """Begin, in a thread of its own: a lost connection must not keep the supervisor waiting."""
        self._thread.start()

    def fileno(self) -> int:
        """To select on."""
        return self._reader

    def read(self) -> None:
        """Take what came."""
        with suppress(BlockingIOError):
            os.read(self._reader, 4096)

    def _listen(self) -> None:
        for _ in hear(self._url, self._channel):
            with suppress(BlockingIOError):
                os.write(self._writer, b"!")
