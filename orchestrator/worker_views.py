"""Workers, slots and lanes as people and programs see them; durations are seconds, sizes bytes, times ISO 8601, UTC."""

import msgspec


class Model(msgspec.Struct):
    """A model in a slot's memory.

    Args:
        idle: seconds since its last use.
    """

    name: str
    bytes: int = 0
    pinned: bool = False
    loads: int = 0
    idle: float | None = None


class SlotJob(msgspec.Struct):
    """A job that a slot holds.

    Args:
        age: seconds since its lease began.
        limit: its hard limit, seconds; None is none, or not known.
    """

    job: str
    document: str
    step: str
    """With its item, of a fan-out: `ocr[3]`."""
    age: float
    lane: str = ""
    limit: float | None = None


class SlotView(msgspec.Struct):
    """One slot.

    Args:
        name: `<worker>/<number>`.
        state: starting, ready, draining, resting; ended with its worker.
        pid: of its process.
        up: seconds since that process started.
        rss: bytes that it has in memory.
        claims: jobs that it has ended.
        deaths: how often a process in this place died.
        card: UUID.
    """

    name: str
    lanes: list[str]
    state: str
    jobs: list[SlotJob]
    models: list[Model]
    pid: int | None = None
    up: float | None = None
    rss: int | None = None
    claims: int = 0
    deaths: int = 0
    card: str = ""


class Card(msgspec.Struct):
    """A graphics card of a worker's machine; `total` and `free` are bytes."""

    index: int = 0
    uuid: str = ""
    name: str = ""
    total: int = 0
    free: int = 0


class WorkerView(msgspec.Struct):
    """One worker.

    Args:
        state: alive, draining (it takes no new jobs), silent (it has not renewed), ended.
        silent: seconds since it renewed.
        standby: processes that wait, preloaded, to replace one.
    """

    id: str
    state: str
    host: str
    pid: int | None
    started_at: str | None
    silent: float
    lanes: list[str]
    serves: list[str]
    slots: list[SlotView]
    cards: list[Card]
    standby: int


class LaneView(msgspec.Struct):
    """One lane.

    Args:
        ready: entries that wait (a fan-out is one).
        running: jobs of it that slots hold.
        served: whether a live worker takes jobs from it.
        paused: somebody has paused it.
        resting: seconds until it is tried again: a service that its jobs need is down.
        waited: seconds that the longest waiting of the jobs that are next has waited.
    """

    name: str
    ready: int
    running: int
    served: bool
    paused: bool
    resting: float | None = None
    waited: float | None = None
