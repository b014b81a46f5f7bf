"""What jobs do, and how they go wrong: for real, and by the same code under docmill and under Celery."""

import ctypes
import os
import time
from collections.abc import Callable

from benchmarks.faults.journal import journal

LONG = 600.0
"""Seconds: nobody waits for it."""
LOOP = 6.0
"""Seconds that a loop takes which nothing interrupts."""
HELD = 15.0
"""Seconds for which the GIL is held."""
MOMENT = 0.2
SHORT = 1.0
ALLOWED, LARGE = 400 * 2**20, 600 * 2**20
"""Bytes: the limit that the script sets, and more."""
TOO_LARGE = 2**60
"""Bytes that no machine has."""
RELEASING, HOLDING = ctypes.CDLL(None), ctypes.PyDLL(None)

Wanted = Callable[[], bool]


def act(what: str, name: str, wanted: Wanted = lambda: True) -> str:
    """Do one of `ACTS`, and say in the journal when it began and ended.

    Args:
        name: of the job, in the journal.
        wanted: whether anybody still wants the result, for the act that looks.
    """
    journal().note("start", name)
    result = ACTS[what](name, wanted)
    journal().note("end", name)
    return result


def _loop(name: str, _: Wanted) -> str:
    """Pure Python, as a tokenizer or a parser is; keeps what it has when it is told that the time is up."""
    end, turns = time.monotonic() + LOOP, 0
    try:
        while time.monotonic() < end:
            turns += 1
    except Exception as problem:
        journal().note("raised", name, type(problem).__name__)
        return "a part"
    return "all of it"


def _deadlock_in(library: ctypes.CDLL) -> Callable[[str, Wanted], str]:
    """Wait in C for a lock that nobody frees; a signal makes C wait again, and Python's handlers never run."""

    def deadlock(_: str, __: Wanted) -> str:
        mutex = ctypes.create_string_buffer(64)
        library.pthread_mutex_lock(mutex)
        library.pthread_mutex_lock(mutex)
        return "never"

    return deadlock


def _look(name: str, wanted: Wanted) -> str:
    while wanted():
        time.sleep(0.01)
    journal().note("raised", name, "looked")
    return "ended by itself"


def _sleep_once(name: str, _: Wanted) -> str:
    """For long at its first run only: what killed it then does not come again."""
    if len(journal().entries("start", name)) == 1:
        time.sleep(LONG)
    return "done"


def _segfault(name: str, _: Wanted) -> str:
    journal().note("fault", name)
    return ctypes.string_at(0).decode()


def _exit(name: str, _: Wanted) -> str:
    journal().note("fault", name)
    os._exit(7)


def _grow(name: str, _: Wanted) -> str:
    held = [_touched(ALLOWED)]
    journal().note("fault", name)
    held.append(_touched(LARGE - ALLOWED))
    time.sleep(LOOP)
    return "done"


def _touched(size: int) -> bytearray:
    """So many bytes, really there."""
    held = bytearray(size)
    held[::4096] = b"x" * len(held[::4096])
    return held


def _ask_too_much(name: str, _: Wanted) -> str:
    journal().note("fault", name)
    return str(len(bytearray(TOO_LARGE)))


def _hold(name: str, _: Wanted) -> str:
    HOLDING.sleep(int(HELD))
    return "done"


def _sleep(seconds: float) -> Callable[[str, Wanted], str]:
    def sleep(_: str, __: Wanted) -> str:
        time.sleep(seconds)
        return "done"

    return sleep


ACTS: dict[str, Callable[[str, Wanted], str]] = {
    "loop": _loop,
    "deadlock": _deadlock_in(RELEASING),
    "deadlock-gil": _deadlock_in(HOLDING),
    "look": _look,
    "deaf": _sleep(LONG),
    "sleep-once": _sleep_once,
    "segfault": _segfault,
    "exit": _exit,
    "grow": _grow,
    "too-much": _ask_too_much,
    "hold": _hold,
    "quick": _sleep(MOMENT),
    "short": _sleep(SHORT),
    "next": _sleep(0),
}
