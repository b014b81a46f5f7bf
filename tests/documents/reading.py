"""The document pipeline's first half, for tests that need OCR and no LLM."""

from pathlib import Path

from orchestrator import pipeline
from orchestrator.findings import PageText, Text
from orchestrator.source import Source
from tests.documents.fakes import FakeContext
from worker.pipelines import document as _models
from worker.steps.join import join
from worker.steps.ocr import ocr
from worker.steps.pages import pages

assert _models, "importing it enters the loaders into the catalogue"


@pipeline()
def reading(source: Source, lang: str = "auto", max_failed: float = 0.0) -> Text:
    """From a file to its text."""
    return join(ocr.map(pages(source), lang=lang), max_failed=max_failed)


def read_pages(ctx: FakeContext, file: Path, lang: str = "auto") -> list[PageText]:
    """Its pages, by the steps as the plain functions they are."""
    return [ocr(page, lang=lang, ctx=ctx) for page in pages(ctx.submit(file), ctx=ctx)]


def read_text(ctx: FakeContext, file: Path, lang: str = "auto") -> Text:
    """Its text."""
    return join(list(read_pages(ctx, file, lang)), max_failed=0.0, ctx=ctx)


def lines_follow_the_text(page: PageText) -> bool:
    """Whether each line's text stands in the page's text after the one before, within the page."""
    at = 0
    for line in page.lines:
        at = page.text.find(line.text, at)
        if at < 0 or not all(0 <= edge <= 1000 for edge in line.box):
            return False
        at += len(line.text)
    return "".join(page.text.split()) == "".join("".join(line.text.split()) for line in page.lines)
