"""What happened when: a file that both sides' jobs, and the script itself, add lines to.

It asks neither Redis nor a peer, so a job that ran twice is seen twice, whatever its queue says of it.
"""

import os
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

VARIABLE = "DOCMILL_BENCH_JOURNAL"
"""The environment variable that tells a worker where the journal is."""


@dataclass(frozen=True)
class Entry:
    """One line.

    Args:
        at: ns of CLOCK_MONOTONIC, the same clock in every process of the machine.
        event: `start`, `end`, `raised`, or `fault`: now it goes wrong.
        name: of the job.
    """

    at: int
    process: int
    event: str
    name: str
    more: str


class Journal:
    """The file.

    Args:
        path: made at the first line.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def note(self, event: str, name: str, *more: object) -> int:
        """Append one line, whole; answers its time."""
        now = time.monotonic_ns()
        with self.path.open("a") as file:
            file.write(" ".join([str(now), str(os.getpid()), event, name, *map(str, more)]) + "\n")
        return now

    def entries(self, event: str, name: str = "") -> list[Entry]:
        """All of one event, of one job where one is named, in order."""
        lines = self.path.read_text().splitlines() if self.path.exists() else []
        found = [Entry(int(at), int(process), *(*rest, "")[:3]) for at, process, *rest in map(_words, lines)]
        return [one for one in found if one.event == event and name in {"", one.name}]

    def clear(self) -> None:
        """Begin again."""
        self.path.unlink(missing_ok=True)


@cache
def journal() -> Journal:
    """The journal of this worker process."""
    return Journal(Path(os.environ[VARIABLE]))


def _words(line: str) -> list[str]:
    return line.split(" ", 4)
