"""Celery's rows that count: how often did it run, how often did what follows run, was anything lost?"""

import os
import signal
import time

from benchmarks.faults.celery_rows import FAULTS, LIMIT, Row
from benchmarks.faults.celery_side import CelerySide
from benchmarks.faults.counting import counted
from benchmarks.faults.seen import BOUND, FAULTY, Seen

VISIBILITY = 2
"""Seconds; docmill's lease in the same rows."""
STOPPED = 4.0
"""Seconds: two of them."""
LOAD = 30
"""Tasks that wait when a worker is told to end."""
BEGUN = 5
"""Of them have begun by then."""


def longer_than_its_lease(side: CelerySide) -> Seen:
    """Two workers: what is not acknowledged in time goes to the other."""
    with side.worker("one", VISIBILITY) as worker, side.worker("two", VISIBILITY):
        _both_work(side)
        side.client("chain", "hold", FAULTY)
        worker.wait(side.begun(), LIMIT)
        CelerySide.wait(worker, lambda: bool(side.journal.entries("end")), 30)
        CelerySide.wait(
            worker, lambda: len(side.journal.entries("end")) >= len(side.journal.entries("start", FAULTY)), 20
        )
        time.sleep(1)  # the last ones hand on
    return Seen(counted(side.journal, FAULTY), counts=True, runs=len(side.journal.entries("start", FAULTY)))


def stopped_worker(side: CelerySide) -> Seen:
    """A whole worker is stopped, and goes on when another has its task."""
    with side.worker("one", VISIBILITY) as one, side.worker("two", VISIBILITY) as two:
        _both_work(side)
        side.client("chain", "short", FAULTY)
        one.wait(side.begun(), LIMIT)
        mine = next(w for w in (one, two) if side.journal.entries("start", FAULTY)[0].process == w.process.pid)
        stopped = time.monotonic_ns()
        os.killpg(mine.process.pid, signal.SIGSTOP)
        seconds = side.next_start(stopped, FAULTY)
        time.sleep(max(0.0, STOPPED - (time.monotonic_ns() - stopped) / 1e9))
        os.killpg(mine.process.pid, signal.SIGCONT)
        CelerySide.wait(mine, lambda: len(side.journal.entries("start", f"{FAULTY}.after")) >= 2, 5)
    return Seen(counted(side.journal, FAULTY), seconds, runs=len(side.journal.entries("start", FAULTY)))


def drained(side: CelerySide) -> Seen:
    """SIGTERM while tasks wait; the script starts the next worker, as a service manager would."""
    side.client("submit", *(f"plain:quick:{FAULTY}{i}" for i in range(LOAD)))
    with side.worker() as worker:
        worker.wait(lambda: len(side.journal.entries("start")) == BEGUN, LIMIT)
        told_at = time.monotonic_ns()
        worker.process.terminate()
        worker.process.wait(LIMIT)
    ended = (time.monotonic_ns() - told_at) / 1e9
    with side.worker() as worker:
        CelerySide.wait(worker, lambda: len({one.name for one in side.journal.entries("end")}) == LOAD, BOUND)
    starts = side.journal.entries("start")
    first = next(one for one in starts if one.process != starts[0].process)
    done, twice = {one.name for one in side.journal.entries("end")}, len(starts) - len({one.name for one in starts})
    words = f"ended in {ended:.1f} s; {len(done)} done, {LOAD - len(done)} not in {BOUND:g} s, {twice} ran twice"
    return Seen(words, (first.at - told_at) / 1e9, runs=len(starts))


def _both_work(side: CelerySide) -> None:
    """Until each of two workers has run something."""
    give_up, tried = time.monotonic() + LIMIT, 0
    while len({one.process for one in side.journal.entries("start")}) < 2:
        if time.monotonic() > give_up:
            raise TimeoutError(f"two Celery workers did not get to work in {LIMIT:g} s")
        tried += 1
        side.client("submit", f"plain:short:first{tried}", f"plain:short:second{tried}")
        side.next_start(time.monotonic_ns() - int(1e9), f"first{tried}")
    while len(side.journal.entries("end")) < 2 * tried:
        time.sleep(0.05)
    side.journal.clear()


def no_batches(_: CelerySide) -> Seen:
    """Celery has none to compare."""
    return Seen("not run: solo takes one task at a time", counts=True)


CELERY: dict[str, Row] = FAULTS | {
    "lease": longer_than_its_lease,
    "sigstop": stopped_worker,
    "batch": no_batches,
    "drain": drained,
}
