"""`classify`: the kind of a document, one of those asked for."""

from typing import TYPE_CHECKING

from orchestrator import Context, Fatal, step
from worker.steps.types import Category, Text

if TYPE_CHECKING:
    from worker.models.llm import LLM

UNKNOWN = "unknown"
MOST_CHARACTERS = 1500
"""A document's kind shows in its beginning and its end; more only costs time."""


@step(lane="llm", model="llm", retries=3)
async def classify(text: Text, categories: list[str], ctx: Context) -> Category:
    """Choose by the probabilities of the categories' names as the model's next word.

    Raises:
        Fatal: fewer than two categories.
        Unavailable: the LLM server is down or busy.
    """
    if len(set(categories)) < 2:
        raise Fatal(f"classify needs at least two categories, not {categories}")
    if not text.text.strip():
        return Category(UNKNOWN, 0.0)
    llm: LLM = ctx.model("llm")
    choice = await llm.choose(text.text, instruction(categories), categories, most_characters=MOST_CHARACTERS)
    return Category(choice.label, choice.confidence, choice.scores, choice.truncated)


def instruction(categories: list[str]) -> str:
    """What is asked, after the document's text."""
    names = ", ".join(categories[:-1]) + " or " + categories[-1]
    return f"What kind of document is this? Answer with one word: {names}."
