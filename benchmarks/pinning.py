"""Which core runs what. Unpinned, the scheduler decides, and the same run differs up to fourfold."""

import os
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum


class Pin(StrEnum):
    """Where the two ends of a round trip run."""

    SAME = "same"
    """Redis, worker and client on one core: repeatable, the cheapest wake-ups."""
    SPLIT = "split"
    """Redis on one core, worker and client on another: closer to a busy server of many cores."""


@dataclass(frozen=True)
class Cores:
    """The server's core, and the one that worker and client share."""

    server: int
    rest: int


def choose_cores(pin: Pin) -> Cores:
    """Choose among the cores that this process may use.

    Raises:
        SystemExit: the system cannot pin, or has too few cores.
    """
    if not hasattr(os, "sched_setaffinity"):
        raise SystemExit("the benchmarks pin processes to cores, which this system cannot: run them on Linux")
    cores = sorted(os.sched_getaffinity(0))
    if pin is Pin.SAME:
        return Cores(cores[0], cores[0])
    if len(cores) < 2:
        raise SystemExit("--pin split needs two cores; this process may use one")
    return Cores(cores[0], cores[1])


@contextmanager
def on_core(core: int) -> Generator[None, None, None]:
    """Run this process, and all that it starts meanwhile, on one core."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)
