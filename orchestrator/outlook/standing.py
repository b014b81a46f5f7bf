"""Where the jobs of a document stand: in a lane, in `delayed`, or held, and with how many before them."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestrator.calls import MeasureCalls
from orchestrator.connection import Asynchronous

DELAYED = "delayed"
HELD = "held:"


@dataclass
class Standing:
    """Where one job stands.

    Args:
        part: of its lane that has it; empty where none does.
        score: there.
        due: when a delayed one may go on, seconds of the server's clock.
        held: reason -> how many stand before it there, and how many there are.
    """

    part: str = ""
    score: float | None = None
    due: float | None = None
    held: dict[str, tuple[int, int]] = field(default_factory=dict[str, tuple[int, int]])


@dataclass(frozen=True)
class Wanted:
    """A job, the parts of its lane (`lane`, `lane:class`), and whether it may be held."""

    job: str
    parts: Sequence[str]
    held: bool = True

    def zsets(self, reasons: Sequence[str]) -> list[str]:
        """Those that may have it."""
        return [*(f"ready:{part}" for part in self.parts), DELAYED, *(HELD + reason for reason in reasons if self.held)]


async def read_standings(transport: Asynchronous, calls: MeasureCalls, jobs: Sequence[Wanted]) -> dict[str, Standing]:
    """Where these stand, by job; a look into each zset that may have them, and none is scanned."""
    reasons = await transport.send(calls.reasons()) if jobs else []
    asked = [(one.job, zset) for one in jobs for zset in one.zsets(reasons)]
    scores = await transport.send_all([calls.score(zset, job) for job, zset in asked])
    found = [(job, zset, score) for (job, zset), score in zip(asked, scores, strict=True) if score is not None]
    held = [(job, zset) for job, zset, _ in found if zset.startswith(HELD)]
    ranks = await transport.send_all([calls.rank(zset, job) for job, zset in held])
    counts = await transport.send_all([calls.count(zset) for _, zset in held])
    standings = {one.job: Standing() for one in jobs}
    for job, zset, score in found:
        _note(standings[job], zset, score)
    for (job, zset), rank, count in zip(held, ranks, counts, strict=True):
        standings[job].held[zset.removeprefix(HELD)] = rank or 0, count
    return standings


def _note(standing: Standing, zset: str, score: float) -> None:
    kind, _, name = zset.partition(":")
    if kind == "ready":
        standing.part, standing.score = name, score
    elif kind == DELAYED:
        standing.due = score / 1000
    else:
        standing.score = score if standing.score is None else standing.score
