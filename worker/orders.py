"""Orders from the supervisor: one line each on stdin. The end of the file means that the supervisor is gone."""

import sys
import threading


class Orders:
    """Listens in a thread of its own, so that a busy slot hears too."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._listener = threading.Thread(target=self._listen, name="orders", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._listener.start()

    @property
    def stopping(self) -> bool:
        """Whether no further job may be claimed."""
        return self._stopping.is_set()

    def _listen(self) -> None:
        for line in sys.stdin:
            if line.strip() == "drain":
                self._stopping.set()
        self._stopping.set()
