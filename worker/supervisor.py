"""The supervisor: starts the slots, keeps their leases from outside, sees at once when one dies. It loads no model."""

import os
import selectors
import socket
import time
from typing import TypeVar

import psutil

from orchestrator.calls import Call, SupervisionCalls
from orchestrator.connection import Blocking
from orchestrator.errors import ServerError
from orchestrator.failpoints import failpoint
from orchestrator.ids import short_id
from orchestrator.keys import Keys
from orchestrator.logs import logger
from orchestrator.registry import Registry
from orchestrator.settings import Settings
from worker.groups import Group
from worker.process import Ending, SlotProcess
from worker.signals import Signals

T = TypeVar("T")

log = logger(__name__)

PERIOD = 1.0
"""Seconds between two renewals; never more than a quarter of the lease."""
FACTS_PERIOD = 10.0
"""Seconds between two writings of what is known of this worker: Redis may have lost it."""
PATIENCE = 1.0
"""Seconds for an unreachable Redis, before the supervisor looks after its processes again."""
SHORT_LIFE = 5.0
"""Seconds: two lives in a row as short as this, and the next one waits a little longer each time, lest it spins."""


class Supervisor:
    """One worker.

    Args:
        redis_url: where the state is.
        groups: the slots to run.
    """

    def __init__(self, redis_url: str, settings: Settings, registry: Registry, groups: list[Group]) -> None:
        self.id = f"{socket.gethostname().partition('.')[0][:8]}-{short_id()}"
        self._url, self._settings = redis_url, settings
        self._transport = Blocking(redis_url, patience=PATIENCE)
        self._calls = SupervisionCalls(Keys(), self.id, settings.lease)
        self._selector, self._signals = selectors.DefaultSelector(), Signals()
        self._processes = self._plan(groups)
        self._dead: list[tuple[SlotProcess, Ending]] = []
        self._resting: list[tuple[float, SlotProcess]] = []
        self._facts = self._describe(groups, registry)
        self._facts_at = 0.0

    def run(self) -> None:
        """Supervise until told to stop and every job has ended."""
        self._selector.register(self._signals, selectors.EVENT_READ)
        self._renew([])
        for process in list(self._processes):
            self._start(process)
        log.info("worker started", worker=self.id, slots=self._settings.slots)
        while self._running() and not self._signals.at_once:
            self._tick()
        self._end()

    def _tick(self) -> None:
        self._wait(min(PERIOD, self._settings.lease / 4))
        self._tell_deaths()
        self._renew([p for p in self._processes if p.popen is not None])
        if self._signals.draining:
            for process in self._running():
                process.order("drain")
        else:
            self._restart_rested()

    def _wait(self, seconds: float) -> None:
        """Until the period has passed, a process ends or a signal comes: what comes first."""
        give_up = time.monotonic() + seconds
        while (left := give_up - time.monotonic()) > 0:
            for found, _ in self._selector.select(left):
                if found.data is None:
                    self._signals.read()
                    return
                self._reap(found.data, found.fd)
                return

    def _reap(self, process: SlotProcess, pidfd: int) -> None:
        self._selector.unregister(pidfd)
        os.close(pidfd)
        ending = process.reap()
        failpoint("supervisor.reaped")
        self._processes.remove(process)
        self._dead.append((process, ending))
        if not self._signals.draining:
            log.warning("slot died", slots=list(process.names), how=ending.facts)
            self._replace(process)

    def _replace(self, process: SlotProcess) -> None:
        short = process.age < SHORT_LIFE
        successor = SlotProcess(process.group, process.names, short_lives=process.short_lives + 1 if short else 0)
        rest = min(SHORT_LIFE, 0.25 * 2**successor.short_lives) if successor.short_lives > 1 else 0.0
        self._resting.append((time.monotonic() + rest, successor))

    def _restart_rested(self) -> None:
        due = [one for one in self._resting if one[0] <= time.monotonic() and not self._is_dead_untold(one[1])]
        for one in due:
            self._resting.remove(one)
            self._processes.append(one[1])
            self._start(one[1])

    def _is_dead_untold(self, successor: SlotProcess) -> bool:
        """The old incarnation must be retired before the new one is announced."""
        return any(dead.names == successor.names for dead, _ in self._dead)

    def _tell_deaths(self) -> None:
        for process, ending in list(self._dead):
            cause = "drained" if self._signals.draining and ending.status == 0 else "died"
            answer = self._try(self._calls.crash(process.slots, cause, "", ending.facts))
            if answer is None:
                return
            self._dead.remove((process, ending))

    def _renew(self, processes: list[SlotProcess]) -> None:
        now = time.monotonic()
        facts = self._facts if now - self._facts_at > FACTS_PERIOD else {}
        slots = {name: incarnation for process in processes for name, incarnation in process.slots.items()}
        answer = self._try(self._calls.renew(slots, facts))
        if answer is None:
            return
        if facts:
            self._facts_at = now
        if answer.drain:
            self._signals.drain()
        for slot in answer.slots:
            for held in slot.jobs:
                if held.word != "held":
                    log.warning("lease is not ours any more", slot=slot.slot, job=held.job, word=held.word)

    def _start(self, process: SlotProcess) -> None:
        self._renew([process])
        process.start(self._url, max(1, (os.cpu_count() or 1) if "gpu" in process.group.lanes else 1))
        self._selector.register(os.pidfd_open(process.pid), selectors.EVENT_READ, process)

    def _running(self) -> list[SlotProcess]:
        if self._signals.draining:
            return [p for p in self._processes if p.popen is not None and p.popen.returncode is None]
        return self._processes or [successor for _, successor in self._resting]

    def _end(self) -> None:
        """What still runs is returned to its lanes before it is killed, so that no lease has to run out."""
        for process in self._running():
            self._try(self._calls.crash(process.slots, "stopped", "", "the worker was told to end at once"))
            process.kill()
        self._tell_deaths()
        self._facts |= {"lanes": "", "serves": "", "ended": "1"}
        self._facts_at = -FACTS_PERIOD
        self._renew([])
        log.info("worker ended", worker=self.id)

    def _try(self, call: Call[T]) -> T | None:
        try:
            return self._transport.send(call)
        except ServerError as problem:
            log.warning("redis is away", problem=str(problem))
            return None

    def _plan(self, groups: list[Group]) -> list[SlotProcess]:
        processes: list[SlotProcess] = []
        number = 0
        for group in groups:
            for _ in range(group.processes):
                names = [f"{self.id}/{number + i}" for i in range(group.slots_per_process)]
                number += len(names)
                processes.append(SlotProcess(group, names))
        return processes

    def _describe(self, groups: list[Group], registry: Registry) -> dict[str, str]:
        lanes = dict.fromkeys(lane for group in groups for lane in group.lanes)
        return {
            "host": socket.gethostname(),
            "pid": str(os.getpid()),
            "started": str(int(psutil.Process().create_time())),
            "slots": str(sum(group.count for group in groups)),
            "lanes": " ".join(lanes),
            "serves": " ".join(registry.ids),
        }
