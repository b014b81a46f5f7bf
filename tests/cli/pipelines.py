"""The pipelines of these tests: they take a file and need neither OCR nor an LLM."""

from orchestrator import Context, Fatal, pipeline, step
from orchestrator.source import Source


@step(lane="cpu")
def read(source: Source, ctx: Context) -> str:
    """The file's text."""
    text = ctx.blobs.get(source.blob).decode()
    if not text:
        raise Fatal(f"{source.name} is empty")
    return text


@step(lane="cpu")
def split(text: str) -> list[str]:
    """Its words."""
    return text.split()


@step(lane="cpu")
def louder(word: str) -> str:
    """One word."""
    return word.upper()


@step(lane="cpu")
def count(words: list[str], times: int) -> int:
    """How many there are."""
    return len(words) * times


@pipeline()
def words(source: Source, times: int = 1) -> int:
    """A file, a fan-out, a fan-in."""
    return count(louder.map(split(read(source))), times)
