"""What processes hold of the machine's memory."""

import os
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

import psutil

PAGE = os.sysconf("SC_PAGE_SIZE")


def sizes_of(leaders: Collection[int]) -> dict[int, int]:
    """Bytes resident in each session, by the pid of its leader: one look at the process table for all of them."""
    sizes = dict.fromkeys(leaders, 0)
    for pid in psutil.pids():
        with suppress(OSError):  # it has just ended
            if (leader := os.getsid(pid)) in sizes:
                sizes[leader] += int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * PAGE
    return sizes
