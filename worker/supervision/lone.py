"""Processes of one slot for the jobs of shared lanes that must run alone: they come when such jobs wait, and go again."""

import time
from collections.abc import Callable, Mapping, Sequence

from orchestrator.lanes import known_lane
from orchestrator.logs import logger
from worker.supervision.crew import ALONE, Crew
from worker.supervision.process import SlotProcess

log = logger(__name__)

REST = 5.0
"""Seconds without a job after which such a process ends."""


class Lone:
    """Decides when one starts and when it ends.

    Args:
        start: starts one.
    """

    def __init__(self, crew: Crew, start: Callable[[SlotProcess], None]) -> None:
        self._crew, self._start = crew, start
        self._idle_since: dict[str, float] = {}

    def adjust(self, running: Sequence[SlotProcess], busy: Mapping[str, bool], alone: Mapping[str, int]) -> None:
        """Start and end them.

        Args:
            busy: whether a slot holds a job.
            alone: jobs that must run alone, by lane.
        """
        there = {
            process.group.lanes[0].partition(":")[0]: process for process in running if process.group.name == ALONE
        }
        for lane, count in alone.items():
            if count and lane not in there and known_lane(lane).shared:
                log.info("a process of one slot starts for jobs that must run alone", lane=lane, jobs=count)
                self._start(self._crew.alone(lane))
        for lane, process in there.items():
            self._end_if_idle(process, alone.get(lane, 0) > 0 or busy.get(process.names[0], False))

    def _end_if_idle(self, process: SlotProcess, works: bool) -> None:
        now = time.monotonic()
        if works or process.ready_at is None:
            self._idle_since[process.incarnation] = now
        elif now - self._idle_since.setdefault(process.incarnation, now) > REST and not process.retiring:
            process.retiring = True
            process.order("drain")
