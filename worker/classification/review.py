"""When a person should look at a document's category."""

from orchestrator.findings import Category
from orchestrator.settings import Settings

UNKNOWN = "unknown"
"""The category of a document without text."""


def needs_review(category: Category, settings: Settings) -> str | None:
    """Why, in words; None where nobody need.

    Args:
        category: as `classify` gave it.
        settings: `review_below`.
    """
    if category.confidence >= settings.review_below:
        return None
    if category.category == UNKNOWN:
        return "the document has no text, so its category is unknown"
    return (
        f"the category {category.category!r} was chosen with confidence {category.confidence:.2f}, "
        f"below {settings.review_below:g} (DOCMILL_REVIEW_BELOW)"
    )
