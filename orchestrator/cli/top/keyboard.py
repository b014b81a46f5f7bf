"""Keys that are pressed while something else is awaited."""

import asyncio
import os
import sys
import termios
import tty
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def keys(wanted: str) -> Generator[asyncio.Event]:
    """Set once one of the keys was pressed; the terminal is as it was after the block."""
    pressed, terminal = asyncio.Event(), sys.stdin.fileno()
    before = termios.tcgetattr(terminal)
    loop = asyncio.get_running_loop()

    def read() -> None:
        typed = os.read(terminal, 64)
        # Nothing at all: the terminal has gone.
        if not typed or any(key in wanted.encode() for key in typed):
            pressed.set()

    tty.setcbreak(terminal)  # Ctrl-C still interrupts
    loop.add_reader(terminal, read)
    try:
        yield pressed
    finally:
        loop.remove_reader(terminal)
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)
