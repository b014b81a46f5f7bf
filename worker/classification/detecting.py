"""Whether a server obeys: it is asked for words that no model says by itself. Many ignore what they do not know, silently."""

from collections.abc import Awaitable, Callable, Iterable

from orchestrator import Fatal
from worker.classification.labels import label_of
from worker.classification.ways import Way
from worker.models.llm_client import Message

PROBES = ["zorblaxian", "quimpfendle"]
PROBE: list[Message] = [{"role": "user", "content": "Say hello."}]
"""Without the words: what is not enforced answers something else."""
Ask = Callable[..., Awaitable[str]]
"""Sends messages with `max_tokens` and further options; gives the answer."""


async def first_obeyed(ways: Iterable[Way], ask: Ask) -> Way | None:
    """The first of the ways that the server obeys; None where it obeys none.

    Raises:
        Unavailable: the server is down or busy. Retry: it failed.
    """
    for way in ways:
        if await _obeyed(way, ask):
            return way
    return None


async def _obeyed(way: Way, ask: Ask) -> bool:
    try:
        answer = await ask(PROBE, max_tokens=way.tokens(PROBES), **way.options(PROBES))
    except Fatal:  # the server refuses a field that it does not know
        return False
    return label_of(way.read(answer), PROBES) is not None


def first_of(how: str, ways: Iterable[Way]) -> list[Way]:
    """Those of that name; all where the name is `auto`."""
    return [way for way in ways if how in ("auto", way.how)]


def wanting(how: str, url: str) -> Fatal:
    """What people read where a way was forced that the server does not obey."""
    return Fatal(
        f"DOCMILL_CLASSIFY_BY={how}, and the LLM server at {url} does not obey it: set DOCMILL_CLASSIFY_BY=auto, "
        "which finds out what the server can do"
    )
