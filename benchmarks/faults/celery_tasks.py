"""Celery's side of the same jobs, under the same limits; imported by its worker and its client, in Celery's own environment.

Broker and result store are named by CELERY_BROKER_URL and CELERY_RESULT_BACKEND, which Celery reads itself.
"""

import os
from typing import Any, cast

import celery  # pyright: ignore[reportMissingImports]
from celery.contrib.abortable import AbortableTask  # pyright: ignore

from benchmarks.faults.acts import act
from benchmarks.faults.journal import journal

VISIBILITY = "DOCMILL_BENCH_VISIBILITY"
"""The environment variable that says after how many seconds Celery hands out again what was not acknowledged."""

app = cast(Any, celery.Celery("faults"))  # pyright: ignore[reportUnknownMemberType]
app.conf.update(
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_track_started=True,
    worker_prefetch_multiplier=1,
    broker_connection_retry_on_startup=True,
)
if seconds := os.environ.get(VISIBILITY):
    # With the stock values of the other two, Celery looks only each 100 seconds.
    app.conf.broker_transport_options = {
        "visibility_timeout": int(seconds),
        "unacked_restore_interval": 1,
        "unacked_restore_throttle": 1,
    }


@app.task(name="soft", soft_time_limit=1, time_limit=20)
def soft(what: str, name: str) -> str:
    """The soft limit comes first."""
    return act(what, name)


@app.task(name="hard", soft_time_limit=1, time_limit=2)
def hard(what: str, name: str) -> str:
    """What the soft limit cannot reach, the hard one should end."""
    return act(what, name)


@app.task(name="plain", bind=True, base=AbortableTask)
def plain(self: Any, what: str, name: str) -> str:
    """No limit at all; can be aborted by who asks."""
    return act(what, name, lambda: not self.is_aborted())


@app.task(name="after")
def after(before: str, name: str) -> str:
    """The next step of a chain."""
    journal().note("start", f"{name}.after")
    return before
