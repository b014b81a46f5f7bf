"""Where a slot hangs: asked by a signal that is answered in C, so that it works while a library holds the GIL."""

import faulthandler
import fcntl
import os
import re
import signal
from itertools import takewhile

LONGEST = 600
"""Characters of a readable stack: it becomes a part of one line of a document's log."""
ASK = signal.SIGUSR2
RUNNER = "worker/running/limits.py"
"""Where docmill calls the step: what lies outside of it is the same for every step."""

_FRAME = re.compile(r'^  File "(?P<file>.*)", line (?P<line>\S+) in (?P<function>.*)$', re.MULTILINE)
_THREAD = re.compile(r"^(?=(?:Current thread|Thread) 0x)", re.MULTILINE)


def arm_stacks(fd: int) -> None:
    """From now on, SIGUSR2 makes this process write the stacks of all its threads to `fd`.

    A process that was not armed would end of that signal.
    """
    os.set_inheritable(fd, False)  # what a step starts has no business with it
    # The supervisor reads by the same file offset: what is written goes to the end, wherever that is.
    fcntl.fcntl(fd, fcntl.F_SETFL, fcntl.fcntl(fd, fcntl.F_GETFL) | os.O_APPEND)
    faulthandler.register(ASK, file=fd, all_threads=True)


def readable_stack(text: str) -> str:
    """One line of what was dumped: `hang (steps.py:12) < ocr (ocr.py:31)`, innermost first, of the main thread alone.

    Args:
        text: all that was written to the fd; of several dumps the last whole one counts. Empty text gives empty text.
    """
    found = takewhile(lambda frame: not frame["file"].endswith(RUNNER), _FRAME.finditer(_main(text)))
    frames = [f"{frame['function']} ({_name(frame['file'])}:{frame['line']})" for frame in found]
    line = " < ".join(frames)
    return line if len(line) <= LONGEST else line[: LONGEST - 4].rpartition(" < ")[0] + " < …"


def _main(text: str) -> str:
    """The block of the thread that took the signal, the main one; where it is missing, of the thread that came last."""
    threads = _THREAD.split(text)
    return next((thread for thread in reversed(threads) if thread.startswith("Current")), threads[-1])


def _name(path: str) -> str:
    return path.rpartition("/")[2]
