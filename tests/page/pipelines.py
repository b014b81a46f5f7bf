"""A pipeline that takes a file and goes through its lines, one by one, as others do through pages."""

import time

from orchestrator import Context, pipeline, step
from orchestrator.source import Source


@step(lane="cpu")
def lines(source: Source, ctx: Context) -> list[str]:
    """The file's lines."""
    return ctx.blobs.get(source.blob).decode().splitlines()


@step(lane="gpu", retries=1, retry_delay=0.05)
def look(line: str) -> str:
    """One line; `sleep <seconds>` takes as long, `wrong` cannot be done."""
    word, _, seconds = line.partition(" ")
    if word == "sleep":
        time.sleep(float(seconds))
    if word == "wrong":
        raise ValueError("nobody can read that")
    return line.upper()


@step(lane="cpu")
def bind(looked: list[str]) -> dict[str, str]:
    """Together."""
    return {"text": "\n".join(looked)}


@pipeline()
def paged(source: Source) -> dict[str, str]:
    """A fan-out over a file."""
    return bind(look.map(lines(source)))
