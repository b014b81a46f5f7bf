"""One pipeline's steps."""

from grafana.source.exprs import gained, mean, most, quantile, rate, total, whole
from grafana.source.panels import Board, Panel

OF = 'pipeline=~"$pipeline"'
NOT_DONE = f'{OF},outcome!="done"'

DOCUMENTS = (
    Panel(
        "Documents", "A minute: accepted, and ended by outcome.", "short",
        [("60 * " + total(rate("docmill_documents_submitted_total", OF)), "accepted"),
         ("60 * " + total(rate("docmill_documents_finished_total", OF), "outcome"), "{{outcome}}")],
    ),
    Panel(
        "From submission to the end", "Half of the documents, and 19 of 20, end within so long.", "s",
        [(quantile(0.5, "docmill_document_duration_seconds", "pipeline", OF), "{{pipeline}} half"),
         (quantile(0.95, "docmill_document_duration_seconds", "pipeline", OF), "{{pipeline}} 19 of 20")],
    ),
    Panel(
        "Under way", "Submitted, and not ended.", "short",
        [(most(whole("docmill_documents_in_progress", OF), "pipeline"), "{{pipeline}}")], kind="stacked",
    ),
)  # fmt: skip

STEPS = (
    Panel(
        "Runs done", "Of each step, a second.", "ops",
        [(total(rate("docmill_step_runs_total", f'{OF},outcome="done"'), "step"), "{{step}}")],
    ),
    Panel(
        "How long a step runs", "19 of 20 runs end within so long.", "s",
        [(f"step:docmill_step_run_seconds:p95_5m{{{OF}}}", "{{step}}")],
    ),
    Panel(
        "How long its jobs wait", "19 of 20 jobs wait no longer for a slot.", "s",
        [(f"step:docmill_step_wait_seconds:p95_5m{{{OF}}}", "{{step}}")],
    ),
    Panel(
        "Runs that did not succeed", "In half an hour, by step and by how they ended; poison killed its process three times.",
        "short",
        [(total(gained("docmill_step_runs_total", NOT_DONE, "30m"), "step, outcome"), "{{step}} {{outcome}}")],
        ["PoisonDocument"], width=12,
    ),
    Panel(
        "Errors, by class", "In half an hour; `docmill dead` has their texts.", "short",
        [(total(gained("docmill_step_errors_total", OF, "30m"), "step, error_class, outcome"),
          "{{step}} {{error_class}} {{outcome}}")], width=12,
    ),
    Panel(
        "Mean run", "Seconds, over an hour: where the time of a document goes.", "s",
        [(mean("docmill_step_run_seconds", "step", OF, "1h"), "{{step}}")], kind="bars",
    ),
    Panel(
        "Leased again", "Jobs in half an hour that were given out more than once.", "short",
        [(total(gained("docmill_step_redeliveries_total", OF, "30m"), "step"), "{{step}}")],
    ),
    Panel(
        "Answered from the cache", "Jobs a second that did not run.", "ops",
        [(total(rate("docmill_step_cached_total", OF), "step"), "{{step}}")],
    ),
    Panel(
        "Jobs of one call", "Mean size of a batch.", "short",
        [(mean("docmill_batch_size", "step", OF), "{{step}}")],
    ),
    Panel(
        "Pages", "A minute, by how they were read.", "short",
        [("60 * " + total(rate("docmill_pages_processed_total", OF), "way"), "{{way}}")], kind="stacked",
    ),
    Panel(
        "What docmill makes of an end", "Documents of an on_finish, a minute, by outcome.", "short",
        [("60 * " + total(rate("docmill_followups_finished_total"), "pipeline, outcome"), "{{pipeline}} {{outcome}}")],
    ),
)  # fmt: skip

BOARD = Board(
    "docmill-pipeline",
    "docmill: one pipeline's steps",
    "Where the time of a document goes, and what fails of it.",
    [("Documents", DOCUMENTS), ("Steps", STEPS)],
    [("pipeline", "docmill_documents_submitted_total")],
)
