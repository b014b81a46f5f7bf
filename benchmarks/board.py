"""Progress, counted in a memory-mapped file that step bodies write and the client reads.

It asks neither Redis nor a peer, so that watching a run costs the run nothing. One writer at a time: one slot.
"""

import mmap
import os
import time
from functools import cache
from pathlib import Path

VARIABLE = "DOCMILL_BENCH_BOARD"
"""The environment variable that tells a worker where the board is."""
WORDS = 5
STEPS, DOCUMENTS, FIRST, LATEST, PROCESS = range(WORDS)


class Board:
    """Five 64-bit words.

    Args:
        path: the file; made when it is not there.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with path.open("a+b") as file:
            file.truncate(8 * WORDS)
            self._words = memoryview(mmap.mmap(file.fileno(), 8 * WORDS)).cast("Q")

    @property
    def steps(self) -> int:
        """Steps begun."""
        return self._words[STEPS]

    @property
    def documents(self) -> int:
        """Documents whose last step has begun."""
        return self._words[DOCUMENTS]

    @property
    def latest(self) -> int:
        """When the latest step began: ns of CLOCK_MONOTONIC, the same clock in every process of the machine."""
        return self._words[LATEST]

    @property
    def process(self) -> int:
        """The process that ran the latest step."""
        return self._words[PROCESS]

    @property
    def seconds(self) -> float:
        """From the first step to the latest."""
        return (self._words[LATEST] - self._words[FIRST]) / 1e9

    def clear(self) -> None:
        """Begin again."""
        for word in range(WORDS):
            self._words[word] = 0

    def step(self, last: bool = False) -> None:
        """Count a step; `last` counts its document too."""
        words, now = self._words, time.monotonic_ns()
        if not words[FIRST]:
            words[FIRST] = now
        words[LATEST] = now
        words[PROCESS] = os.getpid()
        words[DOCUMENTS] += last
        words[STEPS] += 1  # last: whoever sees the count may read the times


@cache
def board() -> Board:
    """The board of this worker process."""
    return Board(Path(os.environ[VARIABLE]))
