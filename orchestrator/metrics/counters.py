"""Counters of all of docmill: each is raised in the very call of the transition that it counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import product

from prometheus_client.core import CounterMetricFamily, Metric

from orchestrator.metrics.stats import Counted, Labels
from orchestrator.states import FINAL_DOCUMENT

OUTCOMES = tuple(sorted(FINAL_DOCUMENT))
RUNS = ("done", "retry", "failed", "died", "poison", "lost", "memory", "limit")
REASONS = ("full", "taken", "differs", "closed")
VERDICTS = ("stale", "ended", "gone")
CAUSES = ("died", "limit", "memory", "cancelled", "drained")


@dataclass(frozen=True)
class Counter:
    """A family.

    Args:
        words: that the last label can be: each is there from the first document on, since Prometheus sees no increase in a
            series that begins above 0.
        scale: units of `stats` in one of this family's.
    """

    name: str
    text: str
    labels: Sequence[str] = ()
    words: Sequence[str] = ()
    scale: int = 1


COUNTERS: dict[str, Counter] = {
    "submitted": Counter("docmill_documents_submitted", "Documents accepted.", ("pipeline", "priority")),
    "finished": Counter(
        "docmill_documents_finished", "Documents that reached a final state.", ("pipeline", "outcome"), OUTCOMES
    ),
    "revived": Counter(
        "docmill_documents_revived", "Documents that a retry revived, by what they were.", ("pipeline", "outcome")
    ),
    "followed": Counter(
        "docmill_followups_finished", "Documents of an on_finish that reached a final state.", ("pipeline", "outcome")
    ),
    "delivered": Counter("docmill_webhook_deliveries", "Deliveries that ended.", ("outcome",), OUTCOMES),
    "refused": Counter(
        "docmill_documents_refused",
        "Submissions refused: a lane is full, the name is taken, the key was used for another, the batch is closed.",
        ("pipeline", "reason"),
        REASONS,
    ),
    "doubled": Counter(
        "docmill_duplicates_suppressed", "Submissions of what was accepted before: nothing was done twice.", ("pipeline",)
    ),
    "purged": Counter("docmill_documents_purged", "Documents whose retention had passed, or that were deleted."),
    "ended": Counter(
        "docmill_step_runs",
        "Runs of a step that ended: done, retry (it failed, and is tried again), failed, died (its process), poison (for "
        "the last time), lost (its lease), memory (too little of it), limit (in the lane, or over all runs).",
        ("pipeline", "step", "outcome"),
        RUNS,
    ),
    "errors": Counter(
        "docmill_step_errors",
        "Errors of a step by class, at most 20 of a step; outcome: retry or failed.",
        ("pipeline", "step", "error_class", "outcome"),
    ),
    "again": Counter("docmill_step_redeliveries", "Jobs leased again, for whatever reason.", ("pipeline", "step")),
    "cached": Counter(
        "docmill_step_cached", "Jobs whose result was kept from before: their step did not run.", ("pipeline", "step")
    ),
    "expired": Counter("docmill_lease_expirations", "Leases that nobody renewed in time.", ("lane",)),
    "late": Counter(
        "docmill_late_calls",
        "Results that came too late, and changed nothing: the lease is another's (stale), its document has ended, or is gone.",
        ("verdict",),
        VERDICTS,
    ),
    "stopped": Counter(
        "docmill_slot_processes_ended", "Processes of slots that ended, by what ended them.", ("cause",), CAUSES
    ),
    "ticked": Counter(
        "docmill_schedule_ticks", "Ticks of schedules: queued, skipped, missed, failed.", ("outcome",),
        ("queued", "skipped", "missed", "failed"),
    ),
    "tokens": Counter(
        "docmill_llm_tokens",
        "Tokens that steps had of an LLM: prompt, cached (of the prompt), completion.",
        ("pipeline", "step", "model", "kind"),
    ),
    "pages": Counter("docmill_pages_processed", "Pages read, by how: text-layer, ocr, blank.", ("pipeline", "way")),
    "card": Counter(
        "docmill_gpu_seconds", "Seconds for which runs of a step had a card.", ("pipeline", "step"), scale=1000
    ),
}  # fmt: skip
"""Kind of a field of `stats` -> its family."""


def counter_families(counted: Counted, lanes: Sequence[str]) -> Iterator[Metric]:
    """All of them.

    Args:
        lanes: that there are.
    """
    before: dict[str, list[Labels]] = {
        "finished": [(name,) for name in counted.pipelines],
        "refused": [(name,) for name in counted.pipelines],
        "ended": list(counted.steps),
    }
    whole = {
        "expired": [(lane,) for lane in lanes],
        "doubled": [(name,) for name in counted.pipelines],
        "again": list(counted.steps),
        "cached": list(counted.steps),
        "purged": [()],
    }
    for kind, family in COUNTERS.items():
        known = [(*labels, word) for labels, word in product(before.get(kind, [()]), family.words)]
        zeros: dict[Labels, int] = dict.fromkeys(known or whole.get(kind, []), 0)
        yield _family(family, zeros | counted.counters[kind])


def _family(family: Counter, series: dict[Labels, int]) -> Metric:
    made = CounterMetricFamily(family.name, family.text, labels=family.labels)
    for labels, value in sorted(series.items()):
        made.add_metric(labels, value / family.scale if family.scale > 1 else value)
    return made
