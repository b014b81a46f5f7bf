"""Documents that do as they are told, and what is made of a batch of them."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import msgspec

from orchestrator import Context, EndedBatch, Fatal, Finished, pipeline, step
from orchestrator.blobs import Blobs
from orchestrator.results.database import database_url
from orchestrator.results.migrating import ready
from orchestrator.results.writing import save
from orchestrator.source import Source
from tests.results.making import result

LARGE = 70_000


class Told(msgspec.Struct):
    """A line as the aggregate saw it."""

    line: int
    status: str
    error: str | None
    output: object


@step(retries=0)
def obey(text: str) -> str:
    """Fails where it is told to."""
    if text == "fail":
        raise Fatal("as it was told")
    return text * LARGE if text == "l" else text


@pipeline()
def obeying(text: str, times: int = 1) -> str:
    """One word."""
    return obey(text)


def is_even(text: str) -> bool:
    """A condition that cannot judge everything."""
    return int(text) % 2 == 0


@pipeline()
def picky(text: str) -> str | None:
    """Only what is even."""
    return obey.only(is_even, text)(text)


@step
def letters(text: str) -> list[str]:
    """One each."""
    return list(text)


@step
def large(letter: str) -> str:
    """One letter."""
    return letter.upper()


@pipeline()
def spelling(text: str) -> list[str]:
    """What a fan-out makes is its result: it is stored item by item."""
    return large.map(letters(text))


@step
def read(source: Source, ctx: Context) -> str:
    """A file's text, and its name."""
    return f"{source.name}: {ctx.blobs.get(source.blob).decode()}"


@pipeline()
def reading(source: Source) -> str:
    """A file."""
    return read(source)


@step
def tell(batch: EndedBatch, ctx: Context, limit: int) -> list[Told]:
    """What became of each line."""
    found: Iterator[Told] = (Told(o.line, o.status, o.error, o.output) for o in ctx.outcomes(batch))
    return [told for told, _ in zip(found, range(limit), strict=False)]


@pipeline()
def telling(batch: EndedBatch, limit: int = 1000) -> list[Told]:
    """An aggregate."""
    return tell(batch, limit=limit)


@step(cache=True)
def enlarge(text: str) -> str:
    """Too large for Redis, and kept for others."""
    return text * LARGE


@step
def keep(text: str, ctx: Context) -> int:
    """Rows and a file, as `store` writes them; and a flag."""
    save(ready(database_url(ctx.settings) or ""), result(ctx.id, ctx.fence), "result.json")
    Blobs(ctx.settings.results).put(f"{ctx.id}/{ctx.fence}.json", b"{}")
    ctx.flag("odd", "it is a test's")
    return len(text)


@step
def say(finished: Finished) -> str:
    """Somebody is told of the end."""
    return finished.status


@pipeline(on_finish=say)
def keeping(text: str) -> int:
    """Leaves traces everywhere."""
    return keep(enlarge(text))


@step
def dawdle(text: str, ctx: Context) -> str:
    """Writes what nobody should find, as long as it runs."""
    mark = Path(os.environ["EFFECTS"])
    while True:
        with mark.open("a") as file:
            file.write("x")
        ctx.blobs.put(f"{ctx.id}/late", b"x")
        time.sleep(0.01)


@pipeline()
def dawdling(text: str) -> str:
    """Never ends by itself, and asks nobody."""
    return dawdle(text)
