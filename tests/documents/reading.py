"""The document pipeline's first half, for tests that need OCR and no LLM."""

from orchestrator import pipeline
from worker.pipelines import document as _models
from worker.steps.join import join
from worker.steps.ocr import ocr
from worker.steps.pages import pages
from worker.steps.types import Source, Text

assert _models, "importing it enters the loaders into the catalogue"


@pipeline()
def reading(source: Source) -> Text:
    """From a file to its text."""
    return join(ocr.map(pages(source)))
