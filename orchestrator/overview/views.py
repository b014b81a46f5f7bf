"""How docmill stands, as people and programs see it; durations are seconds, sizes bytes, rates per minute."""

import msgspec

from orchestrator.outlook.dead_letters import DeadLetters
from orchestrator.overview.figures import Cost, Flights, Flow, LaneState, Outcome
from orchestrator.worker_views import WorkerView


class Complaint(msgspec.Struct, frozen=True):
    """Something that is not as it should be.

    Args:
        level: `bad`: nothing goes on there; `warn`: it goes on, and somebody should look.
        word: in one: STOPPED, SATURATED.
        says: what is wrong, and until when, in a sentence.
        block: where to look.
    """

    level: str
    word: str
    says: str
    block: str


class Verdict(msgspec.Struct, frozen=True):
    """How it stands in one sentence; `also`: what else is wrong, the worst first."""

    level: str
    word: str
    says: str
    block: str
    also: list[Complaint] = []


class ServerFacts(msgspec.Struct, frozen=True):
    """The Redis behind it.

    Args:
        most: 0 is no bound. eviction: must be `noeviction`. appends: whether each write goes to a file.
    """

    version: str
    used: int
    most: int
    eviction: str
    appends: bool
    clients: int
    commands: int
    """A second."""


class Recent(msgspec.Struct, frozen=True):
    """A document in a short list."""

    id: str
    status: str
    pipeline: str
    submitted: float
    tenant: str


class Own(msgspec.Struct, frozen=True):
    """What a tenant sees of it: theirs among the newest `looked` documents."""

    tenant: str
    counts: dict[str, int]
    recent: list[Recent]
    dead: DeadLetters
    looked: int


class Overview(msgspec.Struct):
    """All of it, at one moment.

    Args:
        at: the server's clock, seconds of the epoch.
        counts: documents by status, those of on_finish among them.
    """

    at: float
    verdict: Verdict
    counts: dict[str, int]
    lanes: list[LaneState]
    flow: Flow
    outcome: Outcome
    flights: Flights
    workers: list[WorkerView]
    dead: DeadLetters
    costs: list[Cost]
    recent: list[Recent]
    server: ServerFacts
