"""How long runs of a step take, as measured: lately where there were enough, else ever. Pure."""

from collections.abc import Mapping

from orchestrator.outlook.graphs import Graph
from orchestrator.outlook.runs import Runs

ENOUGH = 5
"""Runs of the last minutes that count for more than all before them."""

Counted = dict[str, int]
"""`<le>` or `sum` -> what `stats` says."""


class Paces:
    """What `stats` tells of runs; it counts all versions of a pipeline together, under its name.

    Args:
        ever: the counters now.
        before: the counters as they were a while ago.
        window: how long ago, seconds; 0 where that is not known.
    """

    def __init__(self, ever: Mapping[str, int], before: Mapping[str, int] | None = None, window: float = 0.0) -> None:
        self.window = window
        self._ever = _by_series(ever)
        self._before = _by_series(before or {}) if window else {}
        self._known: dict[tuple[str, str], Runs | None] = {}

    @property
    def series(self) -> list[tuple[str, str]]:
        """(name of a pipeline, step) of all that ever ran."""
        return list(self._ever)

    def of(self, pipeline: str, step: str) -> Runs | None:
        """The runs to go by; None: never measured.

        The same value for the same step, so that whoever adds them up counts each once.

        Args:
            pipeline: its name, or its id.
        """
        series = (pipeline.partition("@")[0], step)
        if series not in self._known:
            lately = self.lately(*series)
            self._known[series] = lately if lately and lately.count >= ENOUGH else _runs(self._ever.get(series, {}))
        return self._known[series]

    def lately(self, name: str, step: str) -> Runs | None:
        """Those of the window; None where there were none, or nothing is known of then."""
        if not self.window:
            return None
        now, then = self._ever.get((name, step), {}), self._before.get((name, step), {})
        return _runs({field: count - then.get(field, 0) for field, count in now.items()}, self.window)

    def share(self, pipeline: str, step: str, of: str) -> float | None:
        """How often a step ever ran for each run of another: a fan-out's items."""
        name = pipeline.partition("@")[0]
        runs, others = _runs(self._ever.get((name, step), {})), _runs(self._ever.get((name, of), {}))
        return runs.count / others.count if runs and others else None

    def times(self, graph: Graph, pipeline: str, step: str) -> float:
        """How often a step runs for one document, as it did so far: a fan-out's items."""
        over = graph.over(step)
        if over is None:
            return 1.0
        share = self.share(pipeline, step, over)
        return (1.0 if share is None else share) * self.times(graph, pipeline, over)


def _by_series(stats: Mapping[str, int]) -> dict[tuple[str, str], Counted]:
    found: dict[tuple[str, str], Counted] = {}
    for field, count in stats.items():
        kind, *parts = field.split(":")
        if kind == "run" and len(parts) == 3:
            pipeline, step, what = parts
            found.setdefault((pipeline, step), {})[what] = count
    return found


def _runs(counted: Counted, window: float | None = None) -> Runs | None:
    buckets = {int(float(le)): count for le, count in counted.items() if le != "sum" and count > 0}
    return Runs(counted.get("sum", 0) / 1000, buckets, window) if buckets else None
