"""Pipelines whose steps meet their limits, or are cancelled."""

import asyncio

from orchestrator import Context, Fatal, SoftLimit, pipeline, step
from tests.support.pipelines import effect

SOFT, HARD = 0.2, 0.5
"""Seconds."""


class Heard:
    """What the steps of the test's own process said, and what they wait for."""

    contexts: list[Context]
    release: asyncio.Event
    port: int

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Before each test."""
        self.contexts, self.release = [], asyncio.Event()


heard = Heard()


@step(soft_limit=SOFT, retry_delay=7)
def endless(text: str, ctx: Context) -> str:
    """Runs until something is raised; or returns what it has, or reports without end."""
    heard.contexts.append(ctx)
    try:
        while not ctx.cancelled:
            if text == "report":
                ctx.progress(1, 1)
    except SoftLimit:
        if text == "partial":
            return "a part"
        raise
    return "nobody wants it"


@step(soft_limit=None)
def unlimited(text: str, ctx: Context) -> str:
    """No limit at all."""
    return f"{text} {ctx.deadline}"


@step(lane="llm", soft_limit=SOFT, hard_limit=HARD, retries=0)
async def patient(text: str, ctx: Context) -> str:
    """Waits for what does not come, and is cancelled in many ways."""
    effect("patient", text)
    heard.contexts.append(ctx)
    try:
        return await _act(text)
    except asyncio.CancelledError:
        if text == "partial":
            return "a part"
        if text == "fatal":
            raise Fatal("too long a text") from None
        if text == "wrapped":
            raise RuntimeError("the client wraps it") from None
        raise


async def _act(text: str) -> str:
    if text == "own":
        raise asyncio.CancelledError
    while text != "quick" and not heard.release.is_set():
        try:
            await heard.release.wait()
        except asyncio.CancelledError:
            if text != "stubborn":
                raise
    return "done"


@step(lane="llm", retries=0)
async def reading(text: str, ctx: Context) -> str:
    """Reads a stream that never ends."""
    reader, writer = await asyncio.open_connection("127.0.0.1", heard.port)
    try:
        writer.write(str(ctx.fence).encode() + b"\n")
        return (await reader.readline()).decode()
    finally:
        writer.close()


@pipeline()
def spinning(text: str) -> str:
    """A step of a process of its own."""
    return endless(text)


@pipeline()
def free(text: str) -> str:
    """A step without a limit."""
    return unlimited(text)


@pipeline()
def waiting(text: str) -> str:
    """A step of the shared process."""
    return patient(text)


@pipeline()
def streaming(text: str) -> str:
    """A step with a stream."""
    return reading(text)
