"""The parts of the page, in the order in which they are read: each is rendered once for all who see the same of it."""

from dataclasses import dataclass, replace

from api.page.pulse import Beat
from api.page.rendering import render
from api.page.seeing import seen_by
from api.page.viewer import Viewer
from orchestrator.outlook.spans import span
from orchestrator.overview.views import Overview, Own, Verdict

COLUMNS = (
    ("lanes", "oldest", "flow", "outcome"),
    ("flights", "cards", "workers", "dead"),
    ("eta", "cost", "find"),
)
"""Where there is room for columns, they are read from the top of the first to the end of the last."""
READING, FINDING = frozenset({"dead"}), frozenset({"find"})
MOST_KEPT = 64
"""Kinds of viewers for whom a look is kept."""


@dataclass(frozen=True)
class Page:
    """What one kind of viewer sees of one look.

    Args:
        shown: as far as it is theirs; None where nothing was ever seen.
        parts: the HTML of each, in order.
    """

    beat: Beat[Overview]
    verdict: Verdict
    shown: Overview | None
    parts: dict[str, str]

    @property
    def columns(self) -> list[list[str]]:
        """The names of those that stand in columns."""
        return [[name for name in column if name in self.parts] for column in COLUMNS]


class Blocks:
    """Renders looks.

    Args:
        pipelines: that can be submitted to.
    """

    def __init__(self, pipelines: list[str]) -> None:
        self._pipelines = pipelines
        self._kept: dict[object, Page] = {}

    def page(self, beat: Beat[Overview], viewer: Viewer, own: Own | None) -> Page:
        """The parts that a viewer sees."""
        key = (beat.number, replace(viewer, key="", signed=False), id(own))
        if key not in self._kept:
            if len(self._kept) >= MOST_KEPT or any(kept.beat.number != beat.number for kept in self._kept.values()):
                self._kept.clear()
            self._kept[key] = self._make(beat, viewer, own)
        return self._kept[key]

    def _make(self, beat: Beat[Overview], viewer: Viewer, own: Own | None) -> Page:
        if beat.trouble:  # nothing can be done now
            viewer = replace(viewer, submits=False, operates=False)
        shown = seen_by(viewer, beat.seen, own) if beat.seen else None
        verdict = _verdict(beat, shown)
        facts = {"o": shown, "verdict": verdict, "viewer": viewer, "beat": beat, "pipelines": self._pipelines}
        parts = {name: render(f"blocks/{name}.html", **facts) for name in _names(viewer, known=shown is not None)}
        return Page(beat, verdict, shown, parts)


def _names(viewer: Viewer, *, known: bool) -> list[str]:
    if not known:
        return ["verdict"]
    names = [name for column in COLUMNS for name in column if _is_for(viewer, name)]
    return ["verdict", *names, *(["server"] if viewer.watches else [])]


def _is_for(viewer: Viewer, name: str) -> bool:
    if name in FINDING:
        return viewer.reads or viewer.submits
    return viewer.reads if name in READING else viewer.watches


def _verdict(beat: Beat[Overview], shown: Overview | None) -> Verdict:
    """Where Redis does not answer, that is all there is to say."""
    if beat.trouble:
        since = f", for {span(beat.since)}" if beat.since >= 1 else ""
        told = f"{beat.trouble.rstrip('.')}. What was accepted goes on when it answers again{since}"
        return Verdict("bad", "NO REDIS", told, "server")
    assert shown is not None
    return shown.verdict
