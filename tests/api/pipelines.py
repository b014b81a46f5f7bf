"""A pipeline that takes a file."""

from orchestrator import Context, pipeline, step
from orchestrator.source import Source


@step(lane="cpu")
def weigh(source: Source, ctx: Context) -> int:
    """Bytes of the file."""
    return len(ctx.blobs.get(source.blob))


@pipeline()
def filed(source: Source, note: str = "none") -> int:
    """One step over a file."""
    return weigh(source)
