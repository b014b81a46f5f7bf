"""Which processes run now, and who follows when one ends."""

import time
from collections.abc import Callable, Mapping, Sequence

from orchestrator.logs import logger
from orchestrator.settings import Settings
from worker.supervision.crew import ALONE, Crew
from worker.supervision.groups import Group
from worker.supervision.growing import Growing
from worker.supervision.lone import Lone
from worker.supervision.process import SlotProcess
from worker.supervision.reserve import Reserve
from worker.supervision.sizes import sizes_of
from worker.supervision.vitals import Vitals

log = logger(__name__)

SHORT_LIFE = 5.0
"""Seconds: two lives in a row as short as this, and the next one waits a little longer each time, lest it spins."""
SIZES_PERIOD = 1.0
"""Seconds between two measurements of what processes hold."""


class Manning:
    """The processes of one worker.

    Args:
        start: starts a process; announces it before, where it has slots.
        announce: tells Redis of a process' slots.
        vitals: keep what processes say of their models.
    """

    def __init__(
        self, crew: Crew, groups: Sequence[Group], settings: Settings, start: Callable[[SlotProcess], None],
        announce: Callable[[SlotProcess], object], vitals: Vitals,
    ) -> None:  # fmt: skip
        self._crew, self._groups, self._every_card = crew, groups, bool(settings.gpus)
        self._start_one, self._announce, self._vitals = start, announce, vitals
        self._processes: list[SlotProcess] = []
        self._waiting: list[tuple[float, SlotProcess]] = []
        self.reserve, self._lone = Reserve(crew, settings.standby, start), Lone(crew, self._start)
        elastic = [group for group in groups if group.most > group.count]
        self._growing = [Growing(group, settings.grow_after, settings.shrink_after) for group in elastic]
        self._sizes, self._sized_at = dict[int, int](), 0.0

    @property
    def running(self) -> list[SlotProcess]:
        """Those with slots."""
        return [process for process in self._processes if process.running]

    def sizes(self) -> Mapping[int, int]:
        """Bytes that each process and what it started hold, by its pid; measured once a second."""
        if time.monotonic() - self._sized_at >= SIZES_PERIOD:
            self._sized_at = time.monotonic()
            self._sizes = sizes_of({process.pid for process in self.running})
        return self._sizes

    def start_all(self) -> None:
        """Those to start with."""
        for process in self._crew.first(self._groups, self._every_card):
            self._start(process)

    def hear(self, process: SlotProcess) -> bool:
        """Take in what a process said of itself; returns whether that is a reason to look at once."""
        said = process.said()
        for words in said:
            match words:
                case ["ready", *_]:
                    process.ready_at = time.monotonic()
                case ["models", told]:
                    process.models = told
                case ["jobs", count]:
                    process.jobs = int(count)
                case ["recycle", *why]:
                    process.outlived = " ".join(why)
                case _ if not self._vitals.hear(words):
                    log.warning("a slot said something unknown", words=words)
                case _:
                    pass
        return any(words[0] in {"ready", "recycle"} for words in said)

    def ended(self, process: SlotProcess, died: bool, replace: bool) -> None:
        """One was reaped: its place is to be filled."""
        if self.reserve.lost(process):
            return
        self._processes.remove(process)
        if not replace or process.surplus or process.group.name == ALONE:
            return
        successor = self._crew.successor(process, short=process.age < SHORT_LIFE and died, died=died)
        rest = min(SHORT_LIFE, 0.25 * 2**successor.short_lives) if successor.short_lives > 1 else 0.0
        self._waiting.append((time.monotonic() + rest, successor))

    def fill(self, untold: set[str]) -> None:
        """Start whoever is due to follow.

        Args:
            untold: slots whose last process Redis was not told of: the old incarnation is retired before the new comes.
        """
        for due, successor in list(self._waiting):
            if due <= time.monotonic() and not untold & set(successor.names):
                self._waiting.remove((due, successor))
                self._take_over(successor)
        for process in self.running:
            if process.outlived and not process.retiring and not self.reserve.is_awaited(process):
                self._retire(process)
        self.reserve.keep(self.running)

    def adjust(self, busy: Mapping[str, bool], ready: Mapping[str, int], alone: Mapping[str, int]) -> None:
        """As many processes as the work asks for.

        Args:
            busy: whether a slot holds a job.
            ready: entries ready, by lane.
            alone: jobs that must run alone, by lane.
        """
        for growing in self._growing:
            self._grow(growing, busy, ready)
        self._lone.adjust(self.running, busy, alone)

    def _start(self, process: SlotProcess) -> None:
        self._processes.append(process)
        self._start_one(process)

    def _take_over(self, successor: SlotProcess) -> None:
        """By a process that stands by, loaded, where there is one for that place."""
        process = self.reserve.take(successor)
        if process is None:
            self._start(successor)
            return
        process.short_lives, process.deaths, process.seat = successor.short_lives, successor.deaths, successor.seat
        process.names = successor.names
        self._processes.append(process)
        self._announce(process)
        process.begin(successor.names)
        log.info("a process that stood by takes over", slots=list(process.names))

    def _retire(self, process: SlotProcess) -> None:
        """End one between two jobs."""
        log.info("a slot is recycled", slots=list(process.names), why=process.outlived)
        process.retiring = True
        process.order("drain")

    def _grow(self, growing: Growing, busy: Mapping[str, bool], ready: Mapping[str, int]) -> None:
        """By seat: a card that two runtimes share has a process for each, and they come and go together."""
        seats: dict[int, list[SlotProcess]] = {}
        for process in self._processes:
            if process.group is growing.group and not process.retiring:
                seats.setdefault(process.seat, []).append(process)
        works = {
            seat: any(busy.get(name, True) for p in members for name in p.names) for seat, members in seats.items()
        }
        if why := growing.wants_more(list(works.values()), ready):
            log.info("one more slot", group=growing.group.name, slots=len(works) + 1, why=why)
            for process in self._crew.another(growing.group):
                self._start(process)
        elif (rested := growing.rested(works)) is not None:
            why = f"nothing to do for {growing.rest:g} s"
            log.info("one slot fewer", group=growing.group.name, slots=len(works) - 1, why=why)
            for process in seats[rested]:
                process.retiring = process.surplus = True
                process.order("drain")
