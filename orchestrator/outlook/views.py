"""Why a document is where it is, and what a lane has before it, as people and programs see it; durations are seconds."""

import msgspec

from orchestrator.outlook.spans import Range


class StepWhy(msgspec.Struct, omit_defaults=True):
    """One step that has not ended.

    Args:
        says: what it does or waits for, in words.
        ahead: jobs that its lane gives out before it; a fan-out counts by its items.
        at_least: of more of them only a part was looked at.
        slots: that serve the lane and know the pipeline.
        held: the reasons for which it is held.
        if_freed: the estimate holds from the moment when what holds it back (a pause, a limit) does so no more.
        starts: until a slot takes it.
        ends: until it is done; of a fan-out, all of it.
        basis: of the estimate, or why there is none.
    """

    name: str
    state: str
    lane: str
    says: str
    ahead: int | None = None
    at_least: bool = False
    slots: int | None = None
    held: list[str] = []
    if_freed: bool = False
    starts: Range | None = None
    ends: Range | None = None
    basis: str = ""


class Spent(msgspec.Struct):
    """Where the time of a step went.

    Args:
        waited: in its lane, until its last run (its first item) was taken.
        ran: from then to its end.
    """

    name: str
    waited: float
    ran: float


class Why(msgspec.Struct):
    """Why a document is where it is.

    Args:
        at: when this was read, ISO 8601, by the server's clock; ranges begin here.
        says: all of it in one sentence.
        ends: until it has ended, if nothing goes wrong; None where nobody can say.
        basis: of that, or why it cannot be said.
        steps: those that have not ended.
        waited: of one that ended: how long none of its steps ran; `ran`: at least one did.
        spent: by step, longest first.
        retries: what `docmill retry` would run again: step -> `whole`, or `rest`: the items that it lacks.
        log: what was unusual.
    """

    document: str
    status: str
    pipeline: str
    at: str
    says: str
    ends: Range | None = None
    basis: str = ""
    steps: list[StepWhy] = []
    waited: float | None = None
    ran: float | None = None
    spent: list[Spent] = []
    error: str | None = None
    retries: dict[str, str] = {}
    log: list[str] = []


class LaneFigures(msgspec.Struct):
    """One lane, as every surface tells it: the command line, `/v1/stats`, `/metrics`.

    Args:
        ready: entries (a fan-out is one); by_priority: the same, from 9 to 0.
        oldest: seconds that the job which each priority gives next has waited, from 9 to 0; None where there is none.
        runs: that the entries stand for, with what follows of them in the same lane.
        work: seconds that one slot would need for all of it and for what runs now; None where no run of it was measured.
        leased: jobs that slots hold.
        oldest_lease: seconds that the longest held of them has been held.
        resting: seconds until it is tried again: a service that its jobs need is down.
        slots: that serve it; busy: those of them that hold a job, of whatever lane.
        most: entries that may wait in it; then submissions are refused.
        pace: jobs done a second, lately; None where that was not measured.
        drains: until all that is ready has ended, nothing new coming.
    """

    name: str
    ready: int
    by_priority: list[int]
    oldest: list[float | None]
    runs: float
    work: float | None
    leased: int
    oldest_lease: float | None
    paused: bool
    resting: float | None
    slots: int
    busy: int
    most: int | None
    pace: float | None
    drains: Range | None
    basis: str


class LaneOutlook(LaneFigures):
    """One lane, with what waits elsewhere for it.

    Args:
        held: jobs kept back, delayed: jobs that wait for a time; at_least: there are more than were looked at.
    """

    held: int
    delayed: int
    at_least: bool
