"""`store`: the result as one JSON file."""

import msgspec

from orchestrator import Context, step
from orchestrator.blobs import Blobs
from worker.steps.types import Category, Fields, Source, Stored, Summary, Text


class Result(msgspec.Struct, frozen=True):
    """What the JSON file holds."""

    document: str
    fence: int
    source: Source
    category: Category
    fields: Fields
    summary: Summary
    text: Text


@step(lane="cpu")
def store(source: Source, text: Text, kind: Category, fields: Fields, summary: Summary, ctx: Context) -> Stored:
    """Write `<document>/<fence>.json` under the results' URL.

    Each delivery writes its own file, whole: a late worker can neither overwrite nor tear the winner's. The winner
    is the one that this step's accepted output names.
    """
    path = f"{ctx.id}/{ctx.fence}.json"
    result = Result(ctx.id, ctx.fence, source, kind, fields, summary, text)
    Blobs(ctx.settings.results).put(path, msgspec.json.format(msgspec.json.encode(result)))
    return Stored(f"{ctx.settings.results.rstrip('/')}/{path}", ctx.fence)
