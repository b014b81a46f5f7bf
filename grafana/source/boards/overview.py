"""Overview: is it healthy, is the GPU saturated, when is the backlog done, does completion hold 99.7 %?"""

from grafana.source.alerts import BY_NAME
from grafana.source.exprs import gained, most, quantile, rate, total, whole
from grafana.source.panels import Board, Panel
from grafana.source.recording import failed_share

READY = "lane:docmill_lane_ready:sum"

VERDICT = (
    Panel(
        "Alerts that page", "How many fire now. Red: get up; each names a page that says what to do.", "none",
        [('count(ALERTS{alertstate="firing",severity="page"}) or vector(0)', "fire now")], kind="stat", width=4, height=5,
    ),
    Panel(
        "Waits for the GPU", "Entries ready in lane gpu. Red from 1,000 on: more comes than the cards do.", "short",
        [(f'sum({READY}{{lane="gpu"}}) or vector(0)', "ready")], ["GpuLaneSaturated"], "stat", 4, 5,
    ),
    Panel(
        "GPU lane is empty in", "Until all that is ready now has ended, nothing new coming: the likely time.", "s",
        [(most(whole("docmill_lane_drain_seconds", 'lane="gpu",share="0.5"')) + " or vector(0)", "likely")],
        kind="stat", width=4, height=5,
    ),
    Panel(
        "Share of documents that fail", "Of those that ended in the last hour, but for cancelled ones; 0.3 % may fail. "
        "The lines are where the error budget burns too fast.", "percentunit",
        [(f"{failed_share('1h')} or vector(0)", "last hour"), (f"{failed_share('6h')} or vector(0)", "last 6 hours")],
        ["CompletionBudgetBurnsFast", "CompletionBudgetBurns", "CompletionBudgetDrips", "CompletionBudgetLeaks"],
        "stat", 4, 5,
    ),
    Panel(
        "Documents a minute", "That reached a final state, over five minutes.", "short",
        [("60 * sum(pipeline:docmill_documents_finished:rate5m) or vector(0)", "a minute")], kind="stat", width=4, height=5,
    ),
    Panel(
        "Longest wait of an urgent job", "Of priority 7 to 9, in any lane.", "s",
        [(most(whole("docmill_lane_oldest_age_seconds", 'priority=~"[7-9]"')), "waits")],
        ["UrgentJobsWaitTooLong"], "stat", 4, 5,
    ),
)  # fmt: skip

FLOW = (
    Panel(
        "Comes and goes", "Documents accepted and ended, a minute. Where the first stays above the second, the backlog grows.",
        "short",
        [("60 * " + total(rate("docmill_documents_submitted_total")), "accepted"),
         ("60 * " + total(rate("docmill_documents_finished_total")), "ended")],
    ),
    Panel(
        "Ready, by lane", "Entries that wait; a fan-out is one.", "short", [(READY, "{{lane}}")], ["GpuLaneSaturated"],
        "stacked",
    ),
    Panel(
        "Backlog", "Work that waits or runs, in minutes of the lane's slots, as runs were measured lately.", "m",
        [(most(whole("docmill_lane_backlog_seconds"), "lane") + " / on (lane) ("
          + most(whole("docmill_lane_slots"), "lane") + " > 0) / 60", "{{lane}}")],
    ),
    Panel(
        "How they ended", "Documents a minute, by outcome.", "short",
        [("60 * " + total(rate("docmill_documents_finished_total"), "outcome"), "{{outcome}}")], kind="stacked",
    ),
    Panel(
        "From submission to the end", "Half of the documents, and 19 of 20, end within so long.", "s",
        [(quantile(0.5, "docmill_document_duration_seconds"), "half"),
         (quantile(0.95, "docmill_document_duration_seconds"), "19 of 20")],
    ),
    Panel(
        "Slots", "Of live workers, and those that hold a job. Busy all the time: the work waits for slots.", "short",
        [(most(whole("docmill_slots")), "slots"), (most(whole("docmill_slots_busy")), "busy")],
    ),
)  # fmt: skip

FAILURES = (
    Panel(
        "Documents that fail", "In half an hour.", "short", [(BY_NAME["DeadLettersGrow"].value, "failed")],
        ["DeadLettersGrow"],
    ),
    Panel(
        "Dead letters", "Documents that failed, and wait for somebody: `docmill dead`.", "short",
        [(BY_NAME["DeadLettersPile"].value, "dead letters")], ["DeadLettersPile"],
    ),
    Panel(
        "Refused, or done before", "Submissions a minute that were refused, by reason; and those that were known already.",
        "short",
        [("60 * " + total(rate("docmill_documents_refused_total"), "reason"), "{{reason}}"),
         ("60 * " + total(rate("docmill_duplicates_suppressed_total")), "known already")],
    ),
    Panel(
        "Under way", "Documents submitted that have not ended, by pipeline.", "short",
        [(most(whole("docmill_documents_in_progress"), "pipeline"), "{{pipeline}}")], kind="stacked", width=12,
    ),
    Panel(
        "Revived and purged", "Documents in an hour that a retry revived, and that were purged.", "short",
        [(total(gained("docmill_documents_revived_total", window="1h")) + " or vector(0)", "revived"),
         (total(gained("docmill_documents_purged_total", window="1h")), "purged")], width=12,
    ),
)  # fmt: skip

BOARD = Board(
    "docmill-overview",
    "docmill: overview",
    "The first row says whether to get up.",
    [("Is it healthy?", VERDICT), ("What comes, what waits, what goes", FLOW), ("What fails", FAILURES)],
)
