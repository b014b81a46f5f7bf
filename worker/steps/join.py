"""`join`: the pages' texts become the document's."""

from orchestrator import step
from worker.steps.types import PageText, Text

PAGE_BREAK = "\f"


@step(lane="cpu")
def join(pages: list[PageText]) -> Text:
    """The whole text, pages in order, a form feed between them."""
    ordered = sorted(pages, key=lambda page: page.index)
    text = PAGE_BREAK.join(page.text for page in ordered)
    return Text(text, len(ordered), sum(page.how == "ocr" for page in ordered), len(text.split()))
