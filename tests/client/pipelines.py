"""What a client's tests submit, beside the pipelines of `tests.support`."""

import time
from typing import Any

from orchestrator import Context, Fatal, pipeline, step
from orchestrator.source import Source


@step
def weigh(source: Source, ctx: Context) -> dict[str, Any]:
    """What a file is called, and what it has."""
    return {"name": source.name, "text": ctx.blobs.get(source.blob).decode()}


@pipeline()
def filed(source: Source, note: str = "none") -> dict[str, Any]:
    """One step over a file."""
    return weigh(source)


@step(retries=0)
def first(text: str) -> str:
    """Passes it on; slowly, if told so."""
    if text.startswith("slow"):
        time.sleep(0.3)
    return text


@step(retries=0)
def second(text: str, priority: int) -> list[int]:
    """Fails, or counts as far as it is told."""
    if text == "fail":
        raise Fatal("no such luck")
    return list(range(priority))


@pipeline()
def counting(text: str, priority: int = 3) -> list[int]:
    """Two steps; a parameter is called as one of the client's own."""
    return second(first(text), priority=priority)


@step(lane="gpu")
def never(text: str) -> str:
    """In a lane that the tests' worker does not serve."""
    return text


@pipeline()
def waiting(text: str) -> str:
    """It stays queued."""
    return never(text)


@pipeline(keep_result=False)
def forgetting(text: str) -> str:
    """Nothing of its outputs is kept."""
    return first(text)
