"""Is it well? One sentence, made of what is wrong, the worst first. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from orchestrator.outlook.spans import span, within
from orchestrator.overview.figures import Flights, Flow, LaneState, Outcome
from orchestrator.overview.views import Complaint, ServerFacts, Verdict
from orchestrator.overview.wording import lasting, many, percent, rate
from orchestrator.worker_views import WorkerView

ENOUGH = 20
"""Documents from which on a share is worth a complaint."""
HALF = 0.5
FULL = 0.9
"""Of Redis' memory."""
START = "start one: docmill worker"


@dataclass(frozen=True)
class Facts:
    """What is judged."""

    lanes: Sequence[LaneState]
    flights: Flights
    workers: Sequence[WorkerView]
    flow: Flow
    outcome: Outcome
    server: ServerFacts
    counts: Mapping[str, int]


def judge(facts: Facts) -> Verdict:
    """How it stands."""
    found = [*_complaints(facts)]
    ordered = sorted(found, key=lambda one: one.level != "bad")
    if ordered:
        worst, *also = ordered
        return Verdict(worst.level, worst.word, worst.says, worst.block, also)
    return _well(facts)


def _complaints(facts: Facts) -> Iterator[Complaint]:
    yield from _of_server(facts.server)
    for lane in facts.lanes:
        yield from _of_lane(lane)
    if not any(worker.state in {"alive", "draining"} for worker in facts.workers) and not _waiting(facts):
        yield Complaint("warn", "NO WORKER", f"nothing waits, and no worker is alive ({START})", "workers")
    yield from _of_leases(facts.flights)
    yield from _of_workers(facts.workers)
    yield from _of_ends(facts.outcome)


def _of_server(server: ServerFacts) -> Iterator[Complaint]:
    if server.eviction not in {"noeviction", ""}:
        told = f"Redis may evict documents (maxmemory-policy {server.eviction}): set it to noeviction"
        yield Complaint("bad", "UNSAFE", told, "server")
    if server.most and server.used > FULL * server.most:
        told = f"Redis uses {percent(server.used / server.most)} of its memory: raise maxmemory, or purge"
        yield Complaint("bad", "REDIS NEARLY FULL", told, "server")


def _of_lane(lane: LaneState) -> Iterator[Complaint]:
    waits = f"lane {lane.name}, {many(lane.ready, 'job')} waiting"
    if lane.ready and lane.paused:
        yield Complaint("warn", "PAUSED", f"{waits}: it gives out none until it is resumed", "lanes")
    elif lane.ready and not lane.slots:
        since = "none is alive" if lane.unserved is None else f"none for {span(lane.unserved)}"
        yield Complaint("bad", "STOPPED", f"{waits}: no worker serves it, {since} ({START})", "workers")
    elif lane.ready and lane.resting is not None:
        told = f"{waits}: a service that they need is down, tried again in {span(lane.resting)}"
        yield Complaint("bad", "SERVICE DOWN", told, "lanes")
    else:
        yield from _of_backlog(lane)


def _of_backlog(lane: LaneState) -> Iterator[Complaint]:
    longest, drains = lane.longest, f", drains {within(lane.drains)}" if lane.drains else ""
    if lane.ready > lane.limit:
        told = f"lane {lane.name}, {lane.ready:,} waiting (more than {lane.limit:,}){drains}"
        yield Complaint("warn", "SATURATED", told, "lanes")
    elif longest and longest.seconds > lane.target:
        told = f"lane {lane.name}, the oldest waits for {span(longest.seconds)} (target {span(lane.target)}){drains}"
        yield Complaint("warn", "LATE", told, "oldest")


def _of_leases(flights: Flights) -> Iterator[Complaint]:
    if flights.stuck:
        first = next(row for row in flights.rows if row.stuck)
        more = f", and {flights.stuck - 1:,} more" if flights.stuck > 1 else ""
        yield Complaint("warn", "STUCK", f"{first.step} on {first.slot}: {first.stuck}{more}", "flights")


def _of_workers(workers: Sequence[WorkerView]) -> Iterator[Complaint]:
    silent = [worker for worker in workers if worker.state == "silent"]
    if silent:
        longest = max(worker.silent for worker in silent)
        told = f"{many(len(silent), 'worker')} not heard, for {span(longest)}: what it held goes to others"
        yield Complaint("warn", "SILENT", told, "workers")


def _of_ends(outcome: Outcome) -> Iterator[Complaint]:
    if outcome.share is None or outcome.judged < ENOUGH or outcome.share >= outcome.goal:
        return
    shares = f"{percent(outcome.share)} succeed, not {percent(outcome.goal)}"
    told = f"{outcome.failed:,} of {many(outcome.judged, 'document')} failed: {shares}"
    yield Complaint("bad" if outcome.share < HALF else "warn", "FAILING", told, "outcome")


def _well(facts: Facts) -> Verdict:
    longest = max((wait.seconds for lane in facts.lanes if (wait := lane.longest)), default=None)
    if not sum(facts.counts.values()):
        return Verdict("ok", "EMPTY", "no document yet: drop a file on this page, or docmill process FILE", "find")
    if longest is None and not facts.flights.total:
        return Verdict("ok", "IDLE", ", ".join(["nothing waits", "nothing runs", *_speed(facts.flow)]), "flow")
    oldest = "nothing waits" if longest is None else f"oldest waiting {lasting(longest)}"
    told = [*_speed(facts.flow), oldest, f"{many(facts.flights.total, 'job')} running"]
    return Verdict("ok", "OK", ", ".join(told), "flow")


def _speed(flow: Flow) -> list[str]:
    return [f"{rate(flow.outgoing)} documents/min"] if flow.outgoing else []


def _waiting(facts: Facts) -> int:
    return sum(lane.ready for lane in facts.lanes)
