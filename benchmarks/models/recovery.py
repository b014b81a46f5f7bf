"""From kill -9 of a slot until its job runs again, with and without a process that stands by."""

import os
import signal
import statistics
import time

import psutil

from benchmarks.faults.docmill_rows import stands_by
from benchmarks.faults.docmill_side import LIMIT, DocmillSide
from benchmarks.figures import Figures
from benchmarks.models.recovering import PIPELINES
from benchmarks.models.setting import Setting
from benchmarks.processes import Worker
from orchestrator.client import Mill

KILLS = 10
SETTLED = 6.0
"""Seconds that a slot has lived before it is killed: after a few short lives docmill waits before it starts the next."""


async def measure_recovery(setting: Setting) -> Figures:
    """Median and longest, seconds."""
    figures: Figures = {}
    for standby in (0, 1):
        side = setting.side(PIPELINES)
        async with side.mill() as mill:
            with side.worker(standby=str(standby)) as worker:
                times = [await _once(side, mill, worker, f"job{number}", standby) for number in range(KILLS)]
        figures[f"recovery_standby_{standby}_seconds"] = statistics.median(times)
        figures[f"recovery_standby_{standby}_longest_seconds"] = max(times)
    return figures


async def _once(side: DocmillSide, mill: Mill, worker: Worker, name: str, standby: int) -> float:
    document = await mill.submit("recovering", {"name": name})
    worker.wait(side.begun(name), LIMIT)
    if standby:
        await stands_by(mill, worker)
    (start,) = side.journal.entries("start", name)
    process = psutil.Process(start.process)
    worker.wait(lambda: _age(process) > SETTLED, LIMIT)
    killed = side.journal.note("fault", name)
    os.kill(start.process, signal.SIGKILL)
    seconds = side.next_start(worker, killed)
    await mill.wait(document, LIMIT)
    return seconds


def _age(process: psutil.Process) -> float:
    return time.time() - process.create_time()
