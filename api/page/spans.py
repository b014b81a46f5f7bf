"""When a step or an item waited and ran, as stretches of a line of a thousand units. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

WIDTH = 1000.0
LEAST = 2.0
"""Units: what is shorter would not be seen."""


@dataclass(frozen=True)
class Span:
    """A stretch.

    Args:
        kind: wait (hatched), run, running, bad (an attempt that failed).
        row: from the top, in rows.
    """

    kind: str
    x: float
    width: float
    row: float
    says: str


@dataclass(frozen=True)
class Axis:
    """A line of time, from `start` to `end`; seconds of the epoch."""

    start: float
    end: float

    def at(self, when: float) -> float:
        """Where a time stands."""
        share = (when - self.start) / max(self.end - self.start, 0.001)
        return WIDTH * min(1.0, max(0.0, share))

    def span(self, kind: str, begin: float, end: float, row: float, says: str) -> Span:
        """A stretch of it."""
        x, width = self.at(begin), self.at(end) - self.at(begin)
        return Span(kind, round(min(x, WIDTH - LEAST), 1), round(max(width, LEAST), 1), row, says)

    @property
    def ticks(self) -> list[float]:
        """Seconds from the start, of five marks evenly spaced."""
        return [(self.end - self.start) * part / 4 for part in range(5)]


def path_of(spans: Sequence[Span], height: float) -> str:
    """Many stretches as one path, rows that high: hundreds of pages stay a few kilobytes."""
    return "".join(_box(span, height) for span in spans)


def _box(span: Span, height: float) -> str:
    return f"M{span.x:g} {span.row * height:g}h{span.width:g}v{height:g}h-{span.width:g}z"


def moment(text: str | None) -> float | None:
    """Seconds of an ISO time."""
    return datetime.fromisoformat(text).timestamp() if text else None


def ends_of_attempts(log: Sequence[str], job: str) -> Iterator[tuple[float, str]]:
    """When runs of a job ended without success, and how, as its document's log has it."""
    return ((when, told) for when, named, told in _ends(log) if named == job)


def ends_of_items(log: Sequence[str], job: str) -> Iterator[tuple[float, int, str]]:
    """The same of the items of a fan-out, each with its index."""
    for when, named, told in _ends(log):
        step, bracket, index = named.partition("[")
        if bracket and step == job:
            yield when, int(index.removesuffix("]")), told


def _ends(log: Sequence[str]) -> Iterator[tuple[float, str, str]]:
    for line in log:
        stamp, _, rest = line.partition(" ")
        job, _, told = rest.partition(" ")
        if stamp.isdigit() and told.partition(":")[0] in ENDS:
            yield int(stamp) / 1000, job, told


ENDS = frozenset({"attempt", "fatal", "memory", "limit", "died", "lost", "drained", "suspect", "returned", "killed"})
"""What the log calls the end of a run that did not succeed."""
