"""Pipelines whose steps log by themselves, ask an LLM, fail, and kill their process."""

import logging
import os
import signal
from pathlib import Path

import structlog

from orchestrator import Batch, Context, Finished, pipeline, step
from worker.models.llm import LLM

log = logging.getLogger("a.users.own")


@step(lane="cpu")
def read(text: str) -> str:
    """Says something as Python's own logging does."""
    log.info("reading %d characters", len(text))
    return text


@step(lane="cpu", retries=2, retry_delay=0.01)
def weigh(text: str, ctx: Context) -> str:
    """Fails once, with an error that quotes the document; then says something as structlog does."""
    if ctx.attempt == 1 and "fail" in text:
        raise ValueError(f"cannot weigh {text!r}")
    structlog.get_logger().info("weighed", grams=len(text))
    return text


@step(lane="llm", model="llm", retries=0)
async def ask(text: str, ctx: Context) -> str:
    """One question."""
    log.info("asking")
    llm: LLM = ctx.model("llm")
    reply = await llm.write(text, "Say it again.", 20)
    return reply.content


@pipeline()
def told(text: str) -> str:
    """Two steps and an LLM."""
    return ask(weigh(read(text)))


@step(lane="cpu", retries=2)
def die(text: str) -> str:
    """Kills its process, once."""
    mark = Path(os.environ["EFFECTS"])
    if not mark.exists():
        mark.write_text("died")
        os.kill(os.getpid(), signal.SIGKILL)
    return text


@pipeline()
def dying(text: str) -> str:
    """One step."""
    return die(text)


@step(lane="cpu")
def note(finished: Finished) -> str:
    """On finish."""
    return finished.status


@pipeline(on_finish=note)
def noted(text: str) -> str:
    """One step, and what follows its end."""
    return read(text)


@step(lane="cpu", batch=Batch(2, max_wait_ms=5000))
def gather(texts: list[str]) -> list[str]:
    """Two in one call."""
    log.info("gathering %d", len(texts))
    return texts


@pipeline()
def gathered(text: str) -> str:
    """A step that waits for another document's."""
    return gather(text)
