"""`extract`: the fields that matter for a document's kind, as printed in it."""

import re
from typing import TYPE_CHECKING, Any

from orchestrator import Context, step
from worker.steps.types import Category, Fields, Text

if TYPE_CHECKING:
    from worker.models.llm import LLM

FIELDS = {
    "invoice": ("vendor", "customer", "number", "date", "total", "currency"),
    "receipt": ("vendor", "date", "total", "currency"),
    "contract": ("parties", "date", "term", "governing_law"),
    "letter": ("sender", "recipient", "date", "subject"),
    "form": ("title", "name", "date"),
}
OTHER_FIELDS = ("title", "organisation", "date")
MOST_TOKENS = 600
"""Of the answer, at first; twice as many, which it gets where it is cut, are enough for the longest values."""
LONGEST_VALUE = 60
LONG_VALUES = {"parties": 160, "title": 120, "subject": 120}
"""Characters: a bound in the schema keeps a small model from running on."""


@step(lane="llm", model="llm", retries=3)
async def extract(text: Text, kind: Category, ctx: Context) -> Fields:
    """Fields by a JSON schema that the server enforces; what is not in the text is named in `unsupported`.

    Raises:
        Fatal: the answer is cut short, however long it may be. Retry: it does not fit.
        Unavailable: the LLM server is down or busy.
    """
    names = FIELDS.get(kind.category, OTHER_FIELDS)
    if not text.text.strip():
        return Fields(dict.fromkeys(names, ""))
    llm: LLM = ctx.model("llm")
    answer, truncated = await llm.structured(text.text, instruction(names), schema(names), MOST_TOKENS)
    values = {name: str(answer.get(name) or "").strip() for name in names}
    return Fields(values, [name for name, value in values.items() if not occurs(value, text.text)], truncated)


def instruction(names: tuple[str, ...]) -> str:
    """What is asked, after the document's text."""
    return (
        f"Copy these fields from the document, as JSON: {', '.join(names)}. "
        "Copy each value exactly as it is printed. Use an empty string for a field that the document does not have."
    )


def schema(names: tuple[str, ...]) -> dict[str, Any]:
    """The JSON schema of the answer: every field, text, nothing else."""
    lengths = {name: LONG_VALUES.get(name, LONGEST_VALUE) for name in names}
    return {
        "type": "object",
        "properties": {name: {"type": "string", "maxLength": length} for name, length in lengths.items()},
        "required": list(names),
        "additionalProperties": False,
    }


def occurs(value: str, text: str) -> bool:
    """Whether the text says the value, whatever its case, spaces and signs; an empty value claims nothing."""
    return _letters(value) in _letters(text)


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()
