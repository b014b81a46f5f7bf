"""Steps that go wrong in every way there is, for real: they hang in C, take all memory, crash, fork, ignore orders."""

import asyncio
import ctypes
import os
import subprocess
import sys
import time

from orchestrator import Batch, Context, SoftLimit, pipeline, step
from tests.support.pipelines import effect

FAULTS = ",".join(
    f"tests.support.faults:{name}"
    for name in ("faulty", "hanging", "stubborn", "greedy", "together", "keyed", "streaming", "longer")
)
LONG = 600
RELEASING, HOLDING = ctypes.CDLL(None), ctypes.PyDLL(None)


def hang(library: ctypes.CDLL) -> None:
    """Wait in C for a lock that nobody frees; a signal makes C wait again, and Python's handlers never run.

    Args:
        library: one that releases the GIL while it is called, or one that holds it.
    """
    mutex = ctypes.create_string_buffer(64)
    library.pthread_mutex_lock(mutex)
    library.pthread_mutex_lock(mutex)


@step(lane="gpu", soft_limit=1, hard_limit=20, retry_delay=0.01)
def fault(what: str, ctx: Context) -> str:
    """Does what it is told."""
    effect("fault", what, ctx.fence)
    if what == "count":
        done = 0
        try:
            while done < 1000:
                time.sleep(0.01)
                done += 1
        except SoftLimit:
            return f"{done} of 1000"
    if what == "segfault":
        ctypes.string_at(0)
    if what == "exit":
        os._exit(7)
    if what == "raise":
        raise ValueError("always")
    return what


@step(lane="gpu", soft_limit=1, hard_limit=2, retries=1, retry_delay=0.01)
def hang_step(what: str) -> str:
    """Hangs, with the GIL or without."""
    effect("hang", what)
    hang(HOLDING if what == "block-gil" else RELEASING)
    return what


@step(lane="gpu", soft_limit=None, hard_limit=None)
def ignore(what: str, ctx: Context) -> str:
    """Runs for long; reacts to being cancelled, or does not; may have started something of its own."""
    effect("ignore", what, ctx.fence)
    if what == "child":
        child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
        effect("child", child.pid)
    if what == "polite":
        while not ctx.cancelled:
            time.sleep(0.01)
        effect("cancelled", what)
        return "ended by itself"
    time.sleep(LONG)
    return what


@step(lane="gpu", retries=0)
def grow(megabytes: int) -> int:
    """Takes memory, and holds it for a while."""
    effect("grow", megabytes)
    held = bytearray(megabytes * 2**20)
    held[::4096] = b"x" * len(held[::4096])
    time.sleep(30 if megabytes > 500 else 0)
    return len(held)


@step(lane="gpu", batch=Batch(8, max_wait_ms=200), retry_delay=0.01, retries=1)
def many(texts: list[str]) -> list[str]:
    """One call for many; `bad` spoils its batch, `kill` ends its process, once."""
    effect("many", len(texts), *texts)
    if "kill" in texts and len(texts) > 1:
        os.kill(os.getpid(), 9)
    if "bad" in texts:
        raise ValueError("one of them is bad")
    time.sleep(0.05)
    return [text.upper() for text in texts]


@step(lane="gpu", batch=Batch(8, key="key"))
def alike(texts: list[str], key: int) -> list[str]:
    """Says with which key it was called."""
    effect("alike", key, *texts)
    return [f"{len(text)} {key}" for text in texts]


@step(lane="llm", soft_limit=None, hard_limit=None)
async def stream(what: str) -> str:
    """Holds something open until it is cancelled."""
    effect("open", what)
    try:
        await asyncio.sleep(LONG if what == "long" else float(what))
    finally:
        effect("closed", what)
    return what


@step(lane="gpu", soft_limit=None, hard_limit=None)
def long_hold(seconds: int, ctx: Context) -> str:
    """Holds the GIL in C for so long, then returns."""
    effect("hold", ctx.fence)
    HOLDING.sleep(seconds)
    return "done"


@pipeline()
def faulty(what: str) -> str:
    """One fault."""
    return fault(what)


@pipeline()
def hanging(what: str) -> str:
    """One that hangs."""
    return hang_step(what)


@pipeline()
def stubborn(what: str) -> str:
    """One that is hard to stop."""
    return ignore(what)


@pipeline()
def greedy(megabytes: int) -> int:
    """One that takes memory."""
    return grow(megabytes)


@pipeline()
def together(text: str) -> str:
    """One of a batch."""
    return many(text)


@pipeline()
def keyed(text: str, key: int) -> str:
    """One of a batch that has a key."""
    return alike(text, key)


@pipeline()
def streaming(what: str) -> str:
    """One async step."""
    return stream(what)


@pipeline()
def longer(seconds: int) -> str:
    """One that is longer than its lease."""
    return long_hold(seconds)
