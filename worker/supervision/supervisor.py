"""The supervisor's loop. It loads no model and runs no step, so nothing that a step does can keep it from renewing."""

import os
import selectors
import socket
import time

from orchestrator.calls import SupervisionCalls
from orchestrator.calls.supervision import Held, Renewal
from orchestrator.failpoints import failpoint
from orchestrator.ids import short_id
from orchestrator.keys import Keys
from orchestrator.logs import logger
from orchestrator.registry import Registry
from orchestrator.settings import Settings
from worker.machine.cards import cards, visible_cards
from worker.supervision.asking import Asking
from worker.supervision.casualties import Casualties
from worker.supervision.crew import Crew, uses_cards
from worker.supervision.facts import Facts
from worker.supervision.groups import Group
from worker.supervision.kills import Kills
from worker.supervision.listening import Listening
from worker.supervision.manning import Manning
from worker.supervision.oom import KernelKills
from worker.supervision.place import chosen_cards
from worker.supervision.process import Ending, SlotProcess
from worker.supervision.signals import Signals
from worker.supervision.vitals import Vitals

log = logger(__name__)

PERIOD = 1.0
"""Seconds between two renewals; never more than a quarter of the lease."""


class Supervisor:
    """One worker.

    Args:
        redis_url: where the state is.
        groups: the slots to run.
    """

    def __init__(self, redis_url: str, settings: Settings, registry: Registry, groups: list[Group]) -> None:
        self.id = f"{socket.gethostname().partition('.')[0][:8]}-{short_id()}"
        self._url, self._settings = redis_url, settings
        self._vitals = Vitals(self.id)
        self._asking = Asking(redis_url, self._vitals.metrics)
        self._calls = SupervisionCalls(Keys(), self.id, settings.lease)
        self._casualties = Casualties(self._calls, self._asking.ask)
        self._selector, self._signals = selectors.DefaultSelector(), Signals()
        self._listening, self._kills = Listening(redis_url, self.id), Kills(settings)
        found = chosen_cards(settings.gpus, cards()) if settings.gpus else visible_cards()
        crew = Crew(self.id, registry, found, settings.split_runtimes)
        self._men = Manning(crew, groups, settings, self._start, self._announce, self._vitals)
        self._dead: list[tuple[SlotProcess, Ending]] = []
        self._facts, self._kernel = Facts(groups, registry), KernelKills()
        self._lanes = list(dict.fromkeys(lane for group in groups for lane in group.lanes))
        self._drain_until = float("inf")

    def run(self) -> None:
        """Supervise until told to stop and every job has ended."""
        self._selector.register(self._signals, selectors.EVENT_READ, self._signals.read)
        self._selector.register(self._listening, selectors.EVENT_READ, self._listening.read)
        self._listening.start()
        self._vitals.serve(self._settings)
        self._renew([])
        self._men.start_all()
        log.info("worker started", slots=self._settings.slots)
        while self._goes_on():
            self._tick()
        self._end()

    def _goes_on(self) -> bool:
        if self._signals.draining:
            return bool(self._men.running) and not self._signals.at_once and time.monotonic() < self._drain_until
        return True

    def _tick(self) -> None:
        self._wait(min(PERIOD, self._settings.lease / 4, self._kills.due))
        self._tell_deaths()
        answer = self._renew(self._men.running)
        if answer is not None:
            self._look_after(answer)
        if self._signals.draining:
            self._drain()
        else:
            self._men.fill(untold={name for process, _ in self._dead for name in process.names})

    def _drain(self) -> None:
        self._drain_until = min(self._drain_until, time.monotonic() + self._settings.drain_timeout)
        self._men.reserve.dismiss()
        for process in self._men.running:
            process.order("drain")

    def _wait(self, seconds: float) -> None:
        """Until the period has passed, or there is a reason to look at once: a death, a signal, a cancelled document.

        Most of what a slot says of itself can wait for the next look.
        """
        give_up, at_once = time.monotonic() + seconds, False
        while not at_once and (left := give_up - time.monotonic()) > 0:
            for found, _ in self._selector.select(left):
                if found.fileobj in self._selector.get_map():
                    at_once |= found.data() is not False

    def _announce(self, process: SlotProcess) -> None:
        self._renew([process])

    def _start(self, process: SlotProcess) -> None:
        if process.names:
            self._announce(process)
        process.start(self._url, max(1, (os.cpu_count() or 1) if uses_cards(process.group) else 1))
        pidfd = os.pidfd_open(process.pid)
        self._selector.register(pidfd, selectors.EVENT_READ, lambda: self._reap(process, pidfd))
        self._selector.register(process.status_fd, selectors.EVENT_READ, lambda: self._men.hear(process))

    def _reap(self, process: SlotProcess, pidfd: int) -> None:
        self._selector.unregister(pidfd)
        self._selector.unregister(process.status_fd)
        os.close(pidfd)
        ending = process.reap(self._kernel.killed())
        failpoint("supervisor.reaped")
        if process.names and not process.told:
            self._dead.append((process, ending))
        left = self._has_left(process, ending)
        if not left:
            log.warning("slot died", slots=list(process.names), how=ending.facts)
        self._men.ended(process, died=not left and not process.told, replace=not self._signals.draining)

    def _tell_deaths(self) -> None:
        for process, ending in list(self._dead):
            cause = "drained" if self._has_left(process, ending) else "died"
            answer = self._casualties.crash(process, cause, "", ending.facts)
            if answer is None:
                return
            self._dead.remove((process, ending))

    def _has_left(self, process: SlotProcess, ending: Ending) -> bool:
        """Whether it ended by itself, as it was told to or had announced."""
        return ending.status == 0 and bool(self._signals.draining or process.retiring or process.outlived)

    def _renew(self, processes: list[SlotProcess]) -> Renewal | None:
        slots = {name: incarnation for process in processes for name, incarnation in process.slots.items()}
        news = self._facts.news(self._men.running, self._men.sizes(), self._men.reserve.loaded, self._signals.draining)
        answer = self._asking.ask(self._calls.renew(slots, news, self._lanes))
        if answer is not None:
            self._facts.told(news)
            if answer.drain:
                self._signals.drain()
        return answer

    def _look_after(self, answer: Renewal) -> None:
        held = {slot.slot: slot.jobs for slot in answer.slots}
        retired = {slot.slot for slot in answer.slots if slot.word == "retired"}
        for process in (one for one in self._men.running if not one.told):
            jobs = [job for name in process.names for job in held.get(name, [])]
            self._kills.order_ends(process, jobs)
            if retired & set(process.names):
                self._kill(process, "retired", "Redis had recorded its end, and the answer was lost")
            else:
                self._end_what_must(process, jobs)
        self._kills.keep_to([job for jobs in held.values() for job in jobs])
        busy = {name: bool(jobs) for name, jobs in held.items()}
        self._vitals.look(self._men.running, self._men.sizes(), busy, self._men.reserve.loaded)
        if not self._signals.draining:
            self._men.adjust(busy, answer.ready, answer.alone)

    def _end_what_must(self, process: SlotProcess, jobs: list[Held]) -> None:
        kill = self._kills.decide(process, jobs, self._men.sizes().get(process.pid, 0))
        if kill is None:
            return
        stack = process.where_it_hangs()
        facts = f"{kill.facts}; at {stack}" if stack else kill.facts
        answer = self._casualties.crash(process, kill.cause, kill.token, facts, kill.delay)
        failpoint("supervisor.judged")
        if answer is not None and answer[0]:
            self._kill(process, kill.cause, kill.facts)

    def _kill(self, process: SlotProcess, cause: str, why: str) -> None:
        process.told = True
        log.warning("slot killed", slots=list(process.names), cause=cause, why=why)
        process.kill()

    def _end(self) -> None:
        """What still runs is returned to its lanes before it is killed, so that no lease has to run out."""
        self._men.reserve.dismiss()
        for process in self._men.running:
            why = "the worker was told to end at once" if self._signals.at_once else "its time to end had passed"
            self._casualties.crash(process, "drained", "", why)
            process.kill()
        self._tell_deaths()
        self._asking.ask(self._calls.renew({}, self._facts.ended()))
        log.info("worker ended")
