"""One starter of a program at a time, and how it waits for what it started."""

import fcntl
import os
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager

from orchestrator.embedded.folder import Folder
from orchestrator.embedded.program import LOOK, Program
from orchestrator.errors import NotStarted


@contextmanager
def starting(folder: Folder, name: str) -> Generator[None]:
    """Hold a program's starting lock: two commands at once start one, not two."""
    lock = os.open(folder.run / f"{name}.starting", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def wait_for(program: Program, is_there: Callable[[], bool], seconds: float) -> None:
    """Until a program that was started answers.

    Raises:
        NotStarted: it ended, or it did not answer within so long.
    """
    give_up = time.monotonic() + seconds
    while not is_there():
        if not program.is_running:
            raise NotStarted(f"{program.name} ended as it started: {program.last_words()} (log: {program.log})")
        if time.monotonic() > give_up:
            raise NotStarted(f"{program.name} runs but does not answer after {seconds:.0f} s (log: {program.log})")
        time.sleep(LOOK)
