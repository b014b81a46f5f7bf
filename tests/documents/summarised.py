"""Asking for a summary, and what the server was asked."""

from typing import Any

from orchestrator.findings import Summary, Text
from orchestrator.settings import Settings
from tests.documents.fakes import FakeContext
from worker.steps.summarise import summarise


def asked(request: Any) -> str:
    """The last message."""
    return request["messages"][-1]["content"]


async def summary_of(text: str, ctx: FakeContext, most_words: int = 60, **given: Any) -> Summary:
    """What the step gives."""
    ctx.settings = Settings.model_validate({"data_dir": ctx.settings.data_dir, **given})
    return await summarise(Text(text, 1, 0, 9), most_words, ctx=ctx)
