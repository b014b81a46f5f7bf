"""The figures of an overview; durations are seconds, sizes bytes, rates per minute."""

import msgspec

from orchestrator.outlook.spans import Range


class Wait(msgspec.Struct, frozen=True):
    """The job of some priorities that has waited longest of those that are next, since it was ready."""

    seconds: float
    document: str
    step: str


class LaneState(msgspec.Struct):
    """One lane.

    Args:
        ready: entries (a fan-out is one). by_priority: above the usual priority, of it, below it.
        held: kept back; delayed: wait for a time; at_least: there are more than were looked at.
        limit: entries from which on it is called full: its own bound, or the usual one; bounded: it is its own.
        slots: of live workers that serve it; unserved: seconds for which none was heard, None where one is or none ever was.
        resting: seconds until it is tried again, a service being down.
        oldest: by priority as above; target: seconds that it should not pass.
        waits: nine in ten that ran lately waited less than this.
        pace: jobs done a minute.
        drains: until all that is ready has ended; basis: of that, or why it cannot be said.
    """

    name: str
    ready: int
    by_priority: list[int]
    held: int
    delayed: int
    at_least: bool
    running: int
    slots: int
    limit: int
    bounded: bool
    paused: bool
    resting: float | None
    unserved: float | None
    oldest: list[Wait | None]
    target: float
    waits: float | None
    pace: float | None
    drains: Range | None
    basis: str

    @property
    def longest(self) -> Wait | None:
        """The longest of the waits."""
        return max((wait for wait in self.oldest if wait), key=lambda wait: wait.seconds, default=None)


class Minute(msgspec.Struct, frozen=True):
    """What happened a minute, around a time (seconds of the epoch)."""

    at: float
    incoming: float
    outgoing: float


class PipelineFlow(msgspec.Struct, frozen=True):
    """Documents a minute of one pipeline."""

    name: str
    incoming: float
    outgoing: float


class Flow(msgspec.Struct):
    """Documents a minute: those that were accepted, and those that ended.

    Args:
        incoming, outgoing, runs: over the last minute or two; None where that is not known yet. runs: of steps.
        minutes: of the last hour, oldest first.
        pipelines: over the last `window` seconds.
    """

    incoming: float | None
    outgoing: float | None
    runs: float | None
    minutes: list[Minute]
    pipelines: list[PipelineFlow]
    window: float


class Again(msgspec.Struct, frozen=True):
    """Runs of a step that did not succeed, lately, by how they ended: retry, failed, died, lost, memory."""

    pipeline: str
    step: str
    ended: dict[str, int]


class Outcome(msgspec.Struct):
    """How documents ended in the last `window` seconds.

    Args:
        share: that succeeded, or partly, of those that were not cancelled; None where none ended.
        goal: what that share should be.
        budget: of the failures that the goal allows, the share that is left; below 0 it is overdrawn.
        again: over the last 10 to 15 minutes.
    """

    window: float
    succeeded: int
    partial: int
    failed: int
    cancelled: int
    goal: float
    share: float | None
    budget: float | None
    again: list[Again]

    @property
    def judged(self) -> int:
        """How many the share is of."""
        return self.succeeded + self.partial + self.failed


class Flight(msgspec.Struct):
    """A job that is leased.

    Args:
        expires: seconds until the lease ends, if it is not renewed.
        renewed: seconds since it was.
        age: since the lease began; limit: the step's hard limit.
        stuck: why somebody should look; empty where nothing is wrong.
    """

    document: str
    step: str
    lane: str
    slot: str
    attempt: int
    delivery: int
    age: float
    limit: float | None
    expires: float
    renewed: float
    stuck: str = ""
    tenant: str = ""


class Flights(msgspec.Struct):
    """The leases that end first; `total` is all of them."""

    total: int
    rows: list[Flight]

    @property
    def stuck(self) -> int:
        """Of those that are shown, those that somebody should look at."""
        return sum(bool(row.stuck) for row in self.rows)


class Cost(msgspec.Struct, frozen=True):
    """What a pipeline takes of a lane, as far as was measured: seconds of its slots for 1,000 documents; `seconds`: in all."""

    pipeline: str
    lane: str
    seconds: float
    per_thousand: float | None
