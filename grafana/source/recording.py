"""Recording rules: what several panels and alerts ask for, worked out once."""

from collections.abc import Iterator
from dataclasses import dataclass

from grafana.source.exprs import gained, quantile, rate, total, whole

BURN_WINDOWS = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
JUDGED = 'outcome=~"succeeded|partial|failed"'
"""A document that somebody cancelled says nothing of docmill."""


@dataclass(frozen=True)
class Recording:
    """One rule: level, metric and operations, as Prometheus recommends."""

    name: str
    expr: str


def failed_share(window: str) -> str:
    """The name of the share of documents that failed, of those that ended in that time."""
    return f"docmill:documents_failed:ratio_rate{window}"


def _completion() -> Iterator[Recording]:
    for window in BURN_WINDOWS:
        failed = total(gained("docmill_documents_finished_total", 'outcome="failed"', window))
        ended = total(gained("docmill_documents_finished_total", JUDGED, window))
        yield Recording(failed_share(window), f"{failed} / ({ended} > 0)")


RECORDINGS = (
    Recording("lane:docmill_lane_ready:sum", total(whole("docmill_lane_ready"), "lane")),
    Recording(
        "pipeline:docmill_documents_finished:rate5m", total(rate("docmill_documents_finished_total"), "pipeline")
    ),
    Recording("step:docmill_step_run_seconds:p95_5m", quantile(0.95, "docmill_step_run_seconds", "pipeline, step")),
    Recording("step:docmill_step_wait_seconds:p95_5m", quantile(0.95, "docmill_step_wait_seconds", "pipeline, step")),
    Recording("docmill:documents_judged:increase1h", total(gained("docmill_documents_finished_total", JUDGED, "1h"))),
    *_completion(),
)
