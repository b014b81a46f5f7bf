"""What a user might test: a fan-out, a join, an async step, an `on_finish`."""

from orchestrator import Batch, Context, Finished, pipeline, step


@step
def split(text: str) -> list[str]:
    """Words."""
    return text.split()


@step(lane="gpu", retry_delay=30)
def shout(word: str) -> str:
    """One word, louder."""
    return word.upper()


@step(retry_delay=30)
def join(words: list[str]) -> str:
    """Words together."""
    return " ".join(words)


@step(lane="llm", retry_delay=30)
async def praise(text: str, ctx: Context) -> str:
    """An async step."""
    ctx.progress(1, 1)
    return f"{text}!"


@step
def tell(finished: Finished) -> str:
    """On finish."""
    return finished.status


@pipeline(on_finish=tell)
def shouting(text: str) -> str:
    """All of it."""
    return praise(join(shout.map(split(text))))


@step(batch=Batch(max_size=20))
def many(texts: list[str]) -> list[str]:
    """One call for many."""
    return [f"{text} of {len(texts)}" for text in texts]


@pipeline()
def together(text: str) -> str:
    """One of a batch."""
    return many(text)


@step
def say(text: str) -> str:
    """One plain step."""
    return text


@pipeline()
def saying(text: str) -> str:
    """One step."""
    return say(text)
