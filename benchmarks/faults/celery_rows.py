"""Celery's rows: provoke the same fault, wait for the next start, or as long as the bound."""

import os
import signal
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress

from benchmarks.faults.celery_side import CelerySide
from benchmarks.faults.seen import BOUND, FAULTY, NEXT, Seen

Row = Callable[[CelerySide], Seen]
Moment = Callable[[CelerySide], int]
LIMIT = 60.0


def after_limit(seconds: float) -> Moment:
    """The fault is that the limit passes."""
    return lambda side: side.journal.entries("start", FAULTY)[0].at + int(seconds * 1e9)


def as_noted(side: CelerySide) -> int:
    """The job said when it went wrong."""
    give_up = time.monotonic() + LIMIT
    while not (found := side.journal.entries("fault", FAULTY)):
        if time.monotonic() > give_up:
            raise TimeoutError(f"the task did not come to its fault in {LIMIT:g} s")
        time.sleep(0.01)
    return found[0].at


def asked(word: str) -> Moment:
    """Celery's client is told to `abort` or `revoke`."""

    def moment(side: CelerySide) -> int:
        side.client(word, FAULTY)
        return side.journal.entries("fault", FAULTY)[0].at

    return moment


def fault(task: str, what: str, moment: Moment, note: str = "") -> Row:
    """A row of one task that meets a fault which its worker survives."""

    def row(side: CelerySide) -> Seen:
        with side.worker() as worker:
            side.client("submit", f"{task}:{what}:{FAULTY}", f"plain:next:{NEXT}")
            worker.wait(side.begun(), LIMIT)
            seconds = side.next_start(moment(side))
            words = [_heard(side) or _went(side), f"task {side.state(FAULTY)}", side.said()]
        return Seen("; ".join(filter(None, [*words, note])), seconds, runs=len(side.journal.entries("start", FAULTY)))

    return row


def death(what: str, kill: int | None = None) -> Row:
    """A row of one task whose worker dies; the script starts the worker again at once, as a service manager would."""

    def row(side: CelerySide) -> Seen:
        with side.worker() as worker:
            side.client("submit", f"plain:{what}:{FAULTY}", f"plain:next:{NEXT}")
            CelerySide.wait(worker, side.begun(), LIMIT)
            died = _kill(worker.process.pid, kill) if kill else as_noted(side)
            status = worker.process.wait(LIMIT)
        deaths = 1 + _start_again(side, died)
        how = signal.Signals(-status).name if status < 0 else f"exit code {status}"
        again, runs = side.next_start(died, FAULTY), len(side.journal.entries("start", FAULTY))
        words = [f"the worker is gone ({how})" + (f", {deaths} × in {BOUND:g} s" if deaths > 1 else "")]
        words += [
            "started again by the script",
            f"the job begun {runs} ×" if again else f"the job not again in {BOUND:g} s (visibility timeout 1 h)",
        ]
        words += [] if side.begun(NEXT)() else ["the next one never run"]
        return Seen("; ".join(words), side.next_start(died), runs=runs)

    return row


def _start_again(side: CelerySide, died: int) -> int:
    """Start the worker whenever it has ended, until the bound has passed; returns how often it ended again."""
    deaths = 0
    while (left := BOUND - (time.monotonic_ns() - died) / 1e9) > 0:
        with side.worker() as worker, suppress(subprocess.TimeoutExpired):
            worker.process.wait(left)
            deaths += 1
    return deaths


def _heard(side: CelerySide) -> str:
    raised = [one.more for one in side.journal.entries("raised", FAULTY)]
    return "the step ended by itself (AbortableTask)" if raised == ["looked"] else ", ".join(raised)


def _went(side: CelerySide) -> str:
    """How far it has come."""
    begun, ended = side.journal.entries("start", FAULTY)[0], side.journal.entries("end", FAULTY)
    if ended:
        return f"ran on to its end, {(ended[0].at - begun.at) / 1e9:.1f} s"
    return "still runs" if side.state(FAULTY) == "STARTED" else ""


def _kill(pid: int, number: int) -> int:
    time.sleep(0.5)  # in the middle of the task
    now = time.monotonic_ns()
    os.kill(pid, number)
    return now


NO_LIMITS = "solo has no time limits"
FAULTS: dict[str, Row] = {
    "soft": fault("soft", "loop", after_limit(1.0), NO_LIMITS),
    "hard": fault("hard", "deadlock", after_limit(2.0), NO_LIMITS),
    "hard-gil": fault("hard", "deadlock-gil", after_limit(2.0), NO_LIMITS),
    "hard-model": lambda _: Seen("not run: nothing ends it, see above", counts=True),
    "hard-standby": lambda _: Seen("not run: nobody stands by", counts=True),
    "cancel-looks": fault("plain", "look", asked("abort")),
    "cancel-deaf": fault("plain", "deaf", asked("revoke"), "solo hears nothing while a task runs, and cannot end one"),
    "sigkill": death("sleep-once", signal.SIGKILL),
    "sigsegv": death("segfault"),
    "exit": death("exit"),
    "max-rss": fault("plain", "grow", as_noted, "solo has no limit of memory"),
    "memory-error": death("too-much"),
}
