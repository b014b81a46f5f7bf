"""Celery's side of the same work; imported by its worker and its client, in Celery's own environment.

Broker and result store are named by CELERY_BROKER_URL and CELERY_RESULT_BACKEND, which Celery reads itself.
"""

from typing import Any, TypedDict, cast

import celery  # pyright: ignore[reportMissingImports]

from benchmarks.board import board

app = cast(Any, celery.Celery("benchmarks"))  # pyright: ignore[reportUnknownMemberType]
app.conf.update(task_acks_late=True, worker_prefetch_multiplier=1, broker_connection_retry_on_startup=True)

LAST = 4


class Baton(TypedDict):
    """What one step hands to the next."""

    document: str
    passed: int


@app.task
def beat(document: str) -> str:
    """The step of a document of one step."""
    board().step(last=True)
    return document


@app.task
def hand_on(baton: Baton) -> Baton:
    """Any of the four steps of a chain."""
    passed = baton["passed"] + 1
    board().step(last=passed == LAST)
    return {"document": baton["document"], "passed": passed}
