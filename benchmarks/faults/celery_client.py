"""Celery's client, in Celery's own environment; each job's task id is its name.

python -m benchmarks.faults.celery_client submit TASK:WHAT:NAME… | chain WHAT NAME | abort NAME | revoke NAME
"""

import sys
from typing import Any, cast

import celery  # pyright: ignore[reportMissingImports]
from celery.contrib.abortable import AbortableAsyncResult  # pyright: ignore

from benchmarks.faults.celery_tasks import after, app, plain
from benchmarks.faults.journal import journal


def main() -> None:
    """Do what the first word says."""
    what, *words = sys.argv[1:]
    DOES[what](*words)


def _submit(*jobs: str) -> None:
    for task, what, name in (job.split(":") for job in jobs):
        app.tasks[task].apply_async((what, name), task_id=name)


def _chain(what: str, name: str) -> None:
    chain = cast(Any, celery.chain)  # pyright: ignore[reportUnknownMemberType]
    chain(plain.s(what, name).set(task_id=name), after.s(name)).apply_async()


def _abort(name: str) -> None:
    app.connection_for_write().ensure_connection(max_retries=3)
    journal().note("fault", name)
    cast(Any, AbortableAsyncResult)(name, app=app).abort()


def _revoke(name: str) -> None:
    app.connection_for_write().ensure_connection(max_retries=3)
    journal().note("fault", name)
    app.control.revoke(name, terminate=True)


DOES: dict[str, Any] = {"submit": _submit, "chain": _chain, "abort": _abort, "revoke": _revoke}

if __name__ == "__main__":
    main()
