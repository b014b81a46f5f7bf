"""The pipelines that tests run: small, and each step says in a file that it ran (`EFFECTS`), which Redis knows nothing of."""

import os
import time

from orchestrator import Context, Fatal, Finished, Retry, Unavailable, pipeline, step


def effect(*words: object) -> None:
    """Append one line, whole, to the file that `EFFECTS` names."""
    if path := os.environ.get("EFFECTS"):
        line = " ".join(str(word) for word in (time.monotonic_ns(), os.getpid(), *words)) + "\n"
        with open(path, "a") as file:
            file.write(line)


@step(retry_delay=0.01)
def split(text: str) -> list[str]:
    """Words."""
    effect("split")
    return text.split()


@step(lane="gpu", retry_delay=0.01)
def shout(word: str, ctx: Context) -> str:
    """One word, louder."""
    effect("shout", ctx.job, ctx.fence)
    return word.upper()


@step(retry_delay=0.01)
def join(words: list[str]) -> str:
    """Words together."""
    effect("join")
    return " ".join(words)


@step(lane="llm", retry_delay=0.01)
async def praise(text: str) -> str:
    """An async step."""
    effect("praise")
    return f"{text}!"


@step(retry_delay=0.01)
def keep(text: str, praised: str) -> dict[str, str]:
    """The end."""
    effect("keep")
    return {"text": text, "praised": praised}


@step
def tell(finished: Finished) -> str:
    """On finish."""
    effect("tell", finished.id, finished.status)
    return finished.status


@pipeline(on_finish=tell)
def shouting(text: str) -> dict[str, str]:
    """Fan-out, fan-in, an async step beside, an end that needs both."""
    loud = join(shout.map(split(text)))
    return keep(loud, praise(loud))


@step(retries=2, retry_delay=0.01)
def one(text: str) -> str:
    """The first of four."""
    effect("one")
    return text


@step(retries=2, retry_delay=0.01)
def two(text: str) -> str:
    """The second."""
    return text


@step(retries=2, retry_delay=0.01)
def three(text: str) -> str:
    """The third."""
    return text


@step(retries=2, retry_delay=0.01)
def four(text: str) -> str:
    """The last."""
    effect("four")
    return text


@pipeline()
def chain(text: str) -> str:
    """Four steps, one after the other."""
    return four(three(two(one(text))))


@step(lane="gpu", retry_delay=0.01)
def louder(word: str) -> str:
    """A map over a mapped step."""
    return f"{word}!"


@pipeline()
def chained(text: str) -> str:
    """A map over a map: each item goes on when its own input is done."""
    return join(louder.map(shout.map(split(text))))


@step(retries=2, retry_delay=0.01)
def moody(text: str, ctx: Context) -> str:
    """Does what its text says."""
    effect("moody", text, ctx.attempt)
    if text == "fatal":
        raise Fatal("the file is empty")
    if text == "down":
        raise Unavailable("the LLM server at http://127.0.0.1:9 does not answer", after=0.01)
    if text == "again" and ctx.attempt == 1:
        raise Retry(after=0.01)
    if text == "broken":
        raise ValueError("always")
    if text.startswith("sleep:"):
        time.sleep(float(text.partition(":")[2]))
    if text == "die":
        os.kill(os.getpid(), 9)
    return text


@pipeline()
def moods(text: str) -> str:
    """One step that fails in all the ways there are."""
    return moody(text)
