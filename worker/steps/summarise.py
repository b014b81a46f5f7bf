"""`summarise`: a few sentences that say only what the text says."""

from typing import TYPE_CHECKING

from orchestrator import Cache, Context, step
from orchestrator.findings import Summary, Text

if TYPE_CHECKING:
    from worker.models.llm import LLM


@step(lane="llm", model="llm", retries=3, cache=Cache(settings=("summary_most_parts",)))
async def summarise(text: Text, max_words: int, ctx: Context) -> Summary:
    """At most `max_words` words, in whole sentences; a long text is read in parts.

    Raises:
        Fatal: the LLM server refuses.
        Unavailable: it is down or busy.
    """
    from worker.summaries.writing import Bounds, Writer

    if not text.text.strip():
        return Summary("", 0)
    llm: LLM = ctx.model("llm")
    bounds = Bounds(max_words, ctx.settings.summary_most_parts, ctx.deadline)
    writer = Writer(llm, text.text, text.lang, bounds, ctx.progress)
    summary = await writer.write()
    if writer.was_late:
        ctx.leave_uncached()
    return summary
