"""What serves a lane now, what that makes of what stands before a place, and the basis of it in words."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestrator.calls import MeasureCalls
from orchestrator.calls.measures import COPIES
from orchestrator.connection import Asynchronous
from orchestrator.keys import Keys
from orchestrator.outlook.ahead import Ahead
from orchestrator.outlook.estimating import Load, until_turn
from orchestrator.outlook.paces import Paces
from orchestrator.outlook.runs import Runs
from orchestrator.outlook.spans import NOW, Range, per_time, span
from orchestrator.snapshot import Snapshot
from orchestrator.workforce import Workforce


@dataclass(frozen=True)
class Crew:
    """What serves a lane now.

    Args:
        slots: of live workers.
        busy: slots of those that hold a job, of whatever lane.
        running: jobs of this lane, `<document>/<step>`.
        rate: jobs that the lane may begin in a second, at most; None is any number. burst: at once.
    """

    slots: int
    busy: int
    running: Sequence[str]
    rate: float | None = None
    burst: int = 1


def crew_of(workforce: Workforce, lane: str, pipeline: str | None = None) -> Crew:
    """Who serves a lane.

    Args:
        pipeline: only those who know this one.
    """
    slots = [
        slot
        for worker in workforce.workers
        if worker.state == "alive" and (pipeline is None or pipeline in worker.serves)
        for slot in worker.slots
        if lane in (slot.lanes or worker.lanes)
    ]
    everywhere = [job for worker in workforce.workers for slot in worker.slots for job in slot.jobs]
    running = [job.job for job in everywhere if job.lane == lane]
    facts = workforce.snapshot.lanes.get(lane, {})
    rate, burst = float(facts.get("rate", 0)) or None, int(facts.get("burst", 1))
    return Crew(len(slots), sum(bool(slot.jobs) for slot in slots), running, rate, burst)


async def read_paces(transport: Asynchronous, snapshot: Snapshot) -> Paces:
    """What was measured, lately and ever."""
    return Paces(snapshot.stats, *await read_before(transport, snapshot.now))


async def read_before(transport: Asynchronous, now: float) -> tuple[dict[str, int], float]:
    """The counters as they were up to a quarter of an hour ago, and how many seconds ago that is; 0 where nobody knows."""
    calls = MeasureCalls(Keys())
    copied = await transport.send_all([calls.copied(number) for number in range(COPIES)])
    when, number = min(((when, number) for number, when in enumerate(copied) if when), default=(0.0, None))
    if number is None:
        return {}, 0.0
    copy = await transport.send(calls.copy(number))
    return {name: int(count) for name, count in copy.items()}, max(now - when, 1.0)


def load_of(ahead: Ahead, crew: Crew) -> Load | None:
    """What the lane has to do first; None where nothing was measured."""
    every = 1 / crew.rate if crew.rate else 0.0
    return None if ahead.spread is None else Load(ahead.runs, crew.busy, crew.slots, ahead.spread, every, crew.burst)


def turn_of(ahead: Ahead, crew: Crew) -> Range | None:
    """Until a slot takes what stands behind all this; None where that cannot be said."""
    if crew.slots and not ahead.jobs and crew.busy < crew.slots:
        return NOW if crew.rate is None else Range(0.0, 0.0, 1 / crew.rate)
    load = load_of(ahead, crew)
    return load and until_turn(load)


def basis_of(ahead: Ahead, crew: Crew, what: str = "ahead") -> str:
    """What an estimate stands on: `14 jobs ahead, 2 slots, 3.1 s a run over the last 10 minutes (212 runs)`."""
    said = [_jobs(ahead, what), _counted(crew.slots, "slot")]
    if ahead.spread is not None:
        said.append(f"{span(ahead.spread.mean)} a run {measured_words(ahead.measured)}")
    if crew.rate:
        said.append(f"no more than {per_time(crew.rate)}")
    if ahead.unmeasured:
        said.append(f"no run of {' or '.join(sorted(ahead.unmeasured))} measured yet")
    return ", ".join(said)


def measured_words(measured: Sequence[Runs]) -> str:
    """When it was measured, and how often."""
    runs = _counted(sum(found.count for found in measured), "run")
    windows = {found.window for found in measured}
    if None not in windows:
        return f"over the last {span(max(filter(None, windows)))} ({runs})"
    return f"in all that was measured ({runs})"


def _jobs(ahead: Ahead, what: str) -> str:
    about = f" (about {ahead.runs:.0f} runs)" if ahead.jobs and round(ahead.runs) != ahead.jobs else ""
    return f"{'at least ' if ahead.at_least else ''}{_counted(ahead.jobs, 'job')} {what}{about}"


def _counted(count: int, word: str) -> str:
    return f"{count} {word}" if count == 1 else f"{count} {word}s"
