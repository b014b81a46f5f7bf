"""The soft limit of a slot whose step runs in the main thread: `SoftLimit` is raised inside the step, and nowhere else.

An alarm (SIGALRM) only asks; the handler judges. It raises if a run's own deadline has passed and the interrupted frame
was called by the step. So an alarm that is late, or meant for an earlier run, does nothing: none has to be taken back.

A step that is blocked in C is not reached before it comes back to Python: that is what hard limits are for. An exception
that C code swallows (a callback of a library) is lost like one that the step swallows: it is raised once.
"""

import signal
import threading
import time
from collections.abc import Callable, Mapping
from math import inf
from types import CodeType, FrameType
from typing import Any

from orchestrator.errors import SoftLimit

ASK_AGAIN = 0.01
"""Seconds until the handler is asked again where it came at a moment at which it must not raise."""


class Shield:
    """A block that is not torn apart: what comes due inside is raised when the outermost block ends.

    Entered in another thread than the main one it does nothing, since nothing is raised there.
    """

    def __init__(self) -> None:
        self._main = threading.main_thread().ident
        self.depth = 0
        self.asked = False

    def __enter__(self) -> None:
        if threading.get_ident() == self._main:
            self.depth += 1

    def __exit__(self, *_: object) -> None:
        if threading.get_ident() != self._main:
            return
        self.depth -= 1
        if self.asked and not self.depth:
            self.asked = False
            signal.raise_signal(signal.SIGALRM)


class SoftLimits:
    """The limit of whichever step is running in this process; until `install` is called, steps just run."""

    def __init__(self) -> None:
        self._shield = Shield()
        self._installed = False
        self._seconds, self._deadline, self._rings_at = 0.0, inf, inf

    def install(self) -> None:
        """Take SIGALRM and the real-time timer for docmill, for good: a step must leave them alone.

        Raises:
            ValueError: this is not the main thread.
        """
        signal.signal(signal.SIGALRM, self._judge)
        self._installed = True

    def shielded(self) -> Shield:
        """For docmill's own code that a step calls: an exchange with Redis must be read to its end."""
        return self._shield

    def run(self, function: Callable[..., Any], arguments: Mapping[str, Any], seconds: float | None) -> Any:
        """Call a step; it returns and raises as if called directly.

        Args:
            seconds: after which `SoftLimit` is raised inside it, once; 0 or None is never.
        """
        if not self._installed:
            return function(**arguments)
        try:
            if seconds:
                self._seconds, self._deadline = seconds, time.monotonic() + seconds
            if self._rings_at > self._deadline or (not seconds and self._rings_at < inf):
                self._set(seconds or 0.0)  # one that rings too early for this run is set again when it does
            return _run_step(function, arguments)
        finally:
            self._deadline = inf

    def _set(self, seconds: float) -> None:
        self._rings_at = time.monotonic() + seconds if seconds else inf
        signal.setitimer(signal.ITIMER_REAL, seconds)

    def _judge(self, _: int, frame: FrameType | None) -> None:
        self._rings_at = inf
        left = self._deadline - time.monotonic()
        if left == inf:
            return
        if self._shield.depth:
            self._shield.asked = True
        elif left > 0 or not _may_interrupt(frame):
            self._set(max(left, ASK_AGAIN))
        else:
            self._deadline = inf
            raise SoftLimit(f"the step ran longer than its soft limit of {self._seconds:g} s")


def _run_step(function: Callable[..., Any], arguments: Mapping[str, Any]) -> Any:
    """Calls the step and nothing else: what this frame has called, near or far, is the step's."""
    return function(**arguments)


def _may_interrupt(frame: FrameType | None) -> bool:
    callee = None
    while frame is not None and frame.f_code is not _run_step.__code__:
        if _must_end(frame.f_code):
            return False
        callee, frame = frame, frame.f_back
    return frame is not None and callee is not None


def _must_end(code: CodeType) -> bool:
    """Half an import leaves C extensions that cannot be imported again; out of `__del__` nothing is ever raised."""
    return code.co_filename.startswith("<frozen importlib") or code.co_name == "__del__"
