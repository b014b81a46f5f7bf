"""docmill's rows that count: how often did it run, how often was it completed, was anything lost?"""

import asyncio
import os
import signal
import time
from collections.abc import Sequence

from benchmarks.faults.counting import counted
from benchmarks.faults.docmill_rows import FAULTS, Row
from benchmarks.faults.docmill_side import LIMIT, DocmillSide, group, signal_group, told
from benchmarks.faults.seen import FAULTY, Seen
from orchestrator.client import Mill
from orchestrator.views import Document

LEASE = "2"
STOPPED = 4.0
"""Seconds: two leases."""
BATCH = 8
LOAD = 30
"""Jobs that wait when a worker is told to end."""
BEGUN = 5
"""Of them have begun by then."""


async def longer_than_its_lease(side: DocmillSide) -> Seen:
    """Two workers, so that another could take what seems lost."""
    with side.worker(lease=LEASE) as worker, side.worker(lease=LEASE):
        async with side.mill() as mill:
            document = await mill.submit("two", {"what": "hold", "name": FAULTY})
            found = await mill.wait(document, LIMIT)
        worker.wait(lambda: True)
    return Seen(f"{counted(side.journal, FAULTY)}; {told(found)}", counts=True, runs=runs(side))


async def stopped_group(side: DocmillSide) -> Seen:
    """All of a worker is stopped beyond its lease, and goes on when another has its job."""
    with side.worker(lease=LEASE) as first, side.worker(lease=LEASE) as second:
        async with side.mill() as mill:
            document = await mill.submit("two", {"what": "short", "name": FAULTY})
            first.wait(side.begun(), LIMIT)
            mine = next(w for w in (first, second) if side.journal.entries("start")[0].process in group(w))
            stopped = time.monotonic_ns()
            signal_group(mine, signal.SIGSTOP)
            seconds = side.next_start(mine, stopped)
            found = await mill.wait(document, LIMIT)
            await asyncio.sleep(max(0.0, STOPPED - (time.monotonic_ns() - stopped) / 1e9))
            signal_group(mine, signal.SIGCONT)
            mine.wait(lambda: len(side.journal.entries("end", FAULTY)) == 2, LIMIT)
            completed = await _finished(mill, "two")
    words = f"{counted(side.journal, FAULTY)}, completed {completed} ×; {told(found)}"
    return Seen(words, seconds, runs=runs(side))


async def killed_batch(side: DocmillSide) -> Seen:
    """SIGKILL of a process in the middle of a call for eight."""
    async with side.mill() as mill:
        documents = [await mill.submit("many", {"name": f"{FAULTY}{i}"}) for i in range(BATCH)]
        with side.worker() as worker:
            worker.wait(lambda: len(side.journal.entries("start")) == BATCH, LIMIT)
            killed = time.monotonic_ns()
            os.kill(side.journal.entries("start")[0].process, signal.SIGKILL)
            seconds = side.next_start(worker, killed)
            found = await _all(mill, documents)
    suspects = sum("suspect: SIGKILL" in one.log[0] for one in found if one.log)
    ends = [len(side.journal.entries("end", f"{FAULTY}{i}")) for i in range(BATCH)]
    words = f"{suspects} suspects, each run again alone; {_statuses(found)}; {sum(one > 1 for one in ends)} ended twice"
    return Seen(words, seconds, runs=runs(side))


async def drained(side: DocmillSide) -> Seen:
    """SIGTERM while jobs wait; the script starts the next worker, as a service manager would."""
    async with side.mill() as mill:
        documents = [await mill.submit("plain", {"what": "quick", "name": f"{FAULTY}{i}"}) for i in range(LOAD)]
        with side.worker() as worker:
            worker.wait(lambda: len(side.journal.entries("start")) == BEGUN, LIMIT)
            before, told_at = side.journal.entries("start")[0].process, time.monotonic_ns()
            worker.process.terminate()
            worker.process.wait(LIMIT)
        ended = (time.monotonic_ns() - told_at) / 1e9
        with side.worker() as worker:
            found = await _all(mill, documents)
    first = next(one for one in side.journal.entries("start") if one.process != before)
    twice = sum(one.steps[0].deliveries > 1 for one in found)
    words = f"ended in {ended:.1f} s; {_statuses(found)}, {twice} ran twice"
    return Seen(words, (first.at - told_at) / 1e9, runs=runs(side))


def runs(side: DocmillSide) -> int:
    """How often the faulty jobs began, all together; their next steps left out."""
    names = [one.name for one in side.journal.entries("start")]
    return sum(name.startswith(FAULTY) and not name.endswith(".after") for name in names)


async def _all(mill: Mill, documents: Sequence[str]) -> list[Document]:
    return await asyncio.gather(*(mill.wait(document, LIMIT) for document in documents))


async def _finished(mill: Mill, pipeline: str) -> str:
    stats = await mill.transport.send(mill.calls.stats())
    return stats.get(f"finished:{pipeline}:succeeded", "0")


def _statuses(found: Sequence[Document]) -> str:
    words = [one.status for one in found]
    return ", ".join(f"{words.count(word)} {word}" for word in dict.fromkeys(words))


DOCMILL: dict[str, Row] = FAULTS | {
    "lease": longer_than_its_lease,
    "sigstop": stopped_group,
    "batch": killed_batch,
    "drain": drained,
}
