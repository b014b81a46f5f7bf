"""What a slot process tells its supervisor: one line each, on a pipe."""

import os
from contextlib import suppress
from select import PIPE_BUF


class Status:
    """The slot's end of the pipe.

    Args:
        fd: where to write; None is nowhere.
    """

    def __init__(self, fd: int | None = None) -> None:
        self._fd = fd
        if fd is not None:
            os.set_blocking(fd, False)
            os.set_inheritable(fd, False)  # else a step's own process would keep the pipe open

    def tell(self, word: str, *rest: str) -> None:
        """Write one line; never blocks: where nobody reads, the line is dropped, and always as a whole."""
        if self._fd is None:
            return
        line = " ".join(" ".join((word, *rest)).split())
        with suppress(BlockingIOError, BrokenPipeError):
            os.write(self._fd, line.encode(errors="replace")[: PIPE_BUF - 1] + b"\n")
