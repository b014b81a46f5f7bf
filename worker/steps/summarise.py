"""`summarise`: a few sentences."""

import re
from typing import TYPE_CHECKING

from orchestrator import Context, step
from worker.steps.types import Summary, Text

if TYPE_CHECKING:
    from worker.models.llm import LLM

TOKENS_A_WORD = 2
"""Generous for English; a summary in a language of longer words ends at its last whole sentence."""
PENALTY = 0.5
"""Of words said already: without it a small model falls into saying one sentence for ever."""
SENTENCE_END = re.compile("[.!?\u3002\uff01\uff1f]['\"\u201d\u00bb)]*(?=\\s|$)")


@step(lane="llm", model="llm", retries=3)
async def summarise(text: Text, max_words: int, ctx: Context) -> Summary:
    """At most `max_words` words, in whole sentences where possible.

    Raises:
        Unavailable: the LLM server is down or busy.
    """
    if not text.text.strip():
        return Summary("", 0)
    llm: LLM = ctx.model("llm")
    reply = await llm.write(text.text, instruction(max_words), max_words * TOKENS_A_WORD, frequency_penalty=PENALTY)
    summary = within(reply.content.strip(), max_words, cut=reply.cut)
    return Summary(summary, len(summary.split()), reply.truncated)


def instruction(max_words: int) -> str:
    """What is asked, after the document's text."""
    return f"Summarise the document in at most {max_words} words. State only what it says."


def within(summary: str, max_words: int, *, cut: bool) -> str:
    """The summary without what exceeds `max_words` and without a last sentence that was cut in two."""
    words = list(re.finditer(r"\S+", summary))
    if len(words) <= max_words and not cut:
        return summary
    kept = summary[: words[max_words - 1].end()] if len(words) > max_words else summary
    ends = [match.end() for match in SENTENCE_END.finditer(kept)]
    return kept[: ends[-1]] if ends else kept.rstrip() + " …"
