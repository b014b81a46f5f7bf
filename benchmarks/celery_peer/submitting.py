"""Celery's client: submits documents one by one and prints one JSON value.

    python -m benchmarks.celery_peer.submitting noop|chain COUNT

Runs in Celery's own environment.
"""

import json
import sys
import time
from collections.abc import Callable
from typing import Any, cast

import celery  # pyright: ignore[reportMissingImports]

from benchmarks.celery_peer.tasks import app, beat, hand_on


def main() -> None:
    """Submit, and say how long it took."""
    kind, count = sys.argv[1], int(sys.argv[2])
    submit = _noop if kind == "noop" else _chain
    app.connection_for_write().ensure_connection(max_retries=3)
    print(json.dumps({"submitted": count, "seconds": _timed(submit, count)}))


def _timed(submit: Callable[[str], Any], count: int) -> float:
    begun = time.monotonic()
    for number in range(count):
        submit(f"{number:08d}")
    return time.monotonic() - begun


def _noop(document: str) -> None:
    beat.delay(document)


def _chain(document: str) -> None:
    chain = cast(Any, celery.chain)  # pyright: ignore[reportUnknownMemberType]
    chain(hand_on.s({"document": document, "passed": 0}), hand_on.s(), hand_on.s(), hand_on.s()).apply_async()


if __name__ == "__main__":
    main()
