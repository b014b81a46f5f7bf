"""Celery's client, in Celery's own environment: prints one JSON value.

python -m benchmarks.chord.celery_client batch|document|urgent PATH…
"""

import json
import os
import re
import sys
import time
from typing import Any, cast

from celery.result import AsyncResult  # pyright: ignore

from examples.coming_from_celery import celery_side

side = cast(Any, celery_side)

PATIENCE = 30
"""Seconds for which the batch's result is waited for."""


def main() -> None:
    """Submit; a batch is waited for."""
    what, *paths = sys.argv[1:]
    begun = time.time()
    told = _batch(paths) if what == "batch" else _each(what, paths)
    print(json.dumps({"begun": begun, "told": told, "seconds": time.time() - begun}), flush=True)
    os._exit(0)  # Celery's own end of a result that failed writes a page of errors


def _batch(paths: list[str]) -> str:
    result = cast(Any, AsyncResult)(side.process_batch(paths), app=side.app)
    try:
        return f"its result: {result.get(timeout=PATIENCE)}"
    except Exception as problem:  # whatever a task raised
        said = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "(id of a task)", str(problem))
        return f"{type(problem).__name__}: {said.partition('Error(')[0]}Error"


def _each(what: str, paths: list[str]) -> str:
    submit = side.process_urgent if what == "urgent" else side.process_document
    return " ".join(submit(path) for path in paths)


if __name__ == "__main__":
    main()
