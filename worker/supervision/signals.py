"""SIGTERM and SIGINT, as something to select on: the first drains, the second ends at once."""

import os
import signal


class Signals:
    """Catches both signals from now on."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(self._writer, warn_on_full_buffer=False)
        self._count = 0
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._note)

    def fileno(self) -> int:
        """To select on."""
        return self._reader

    def read(self) -> None:
        """Take what came."""
        os.read(self._reader, 64)

    def drain(self) -> None:
        """As the first signal does: an operator asked for it."""
        self._count = max(self._count, 1)

    @property
    def draining(self) -> bool:
        """No new jobs; what runs ends."""
        return self._count > 0

    @property
    def at_once(self) -> bool:
        """Do not wait for what runs."""
        return self._count > 1

    def _note(self, *_: object) -> None:
        self._count += 1
