"""When each run began and ended, in a memory-mapped file that the steps of one slot write and the script reads."""

import mmap
import os
import time
from functools import cache
from itertools import pairwise
from pathlib import Path

VARIABLE = "DOCMILL_BENCH_STRIP"
"""The environment variable that tells a worker where it is."""
MOST = 10_000
"""Runs."""
WORDS = 3
"""A run's: its begin and its end, ns of CLOCK_MONOTONIC, and its documents."""


class Strip:
    """A count, then the words of each run.

    Args:
        path: the file; made when it is not there.
    """

    def __init__(self, path: Path) -> None:
        self.path, size = path, 8 * (1 + WORDS * MOST)
        with path.open("a+b") as file:
            file.truncate(size)
            self._words = memoryview(mmap.mmap(file.fileno(), size)).cast("Q")

    @property
    def runs(self) -> list[tuple[int, int, int]]:
        """Those that have ended."""
        words = self._words[1 : 1 + WORDS * self._words[0]].tolist()
        return list(zip(words[::3], words[1::3], words[2::3], strict=True))

    @property
    def documents(self) -> int:
        """Of all runs that have ended."""
        return sum(documents for _, _, documents in self.runs)

    def per_second(self, skip: int) -> float:
        """Documents a second, from the begin of the run after so many, to the end of the last one."""
        runs = self.runs[skip:]
        return sum(documents for _, _, documents in runs) / (runs[-1][1] - runs[0][0]) * 1e9

    def gaps(self, skip: int) -> list[float]:
        """From each end to the next begin, µs, sorted; the first runs left out."""
        return sorted((after[0] - before[1]) / 1e3 for before, after in pairwise(self.runs[skip:]))

    def clear(self) -> None:
        """Begin again."""
        self._words[0] = 0

    def begin(self) -> None:
        """The first thing a step does."""
        self._words[1 + WORDS * self._words[0]] = time.monotonic_ns()

    def end(self, documents: int = 1) -> None:
        """The last thing a step does."""
        run = 1 + WORDS * self._words[0]
        self._words[run + 2] = documents
        self._words[run + 1] = time.monotonic_ns()
        self._words[0] += 1  # last: whoever sees the count may read the times


@cache
def strip() -> Strip:
    """The one of this worker process."""
    return Strip(Path(os.environ[VARIABLE]))
