"""`document`: from a file to its text, kind, fields and summary."""

from orchestrator import pipeline

# Both modules enter their loader into the catalogue.
from worker.models import llm as llm
from worker.models import paddleocr as paddleocr
from worker.steps.classify import classify
from worker.steps.extract import extract
from worker.steps.join import join
from worker.steps.notify import notify
from worker.steps.ocr import ocr
from worker.steps.pages import pages
from worker.steps.store import store
from worker.steps.summarise import summarise
from worker.steps.types import Source, Stored

CATEGORIES = ["invoice", "receipt", "contract", "letter", "report", "form", "manual", "legal", "brochure"]


@pipeline(version="2", on_finish=notify)
def document(source: Source, categories: list[str] = CATEGORIES, max_words: int = 150) -> Stored:
    """PDF, images and multi-page TIFF; a PDF's own text layer is used where it is good."""
    text = join(ocr.map(pages(source)))
    kind = classify(text, categories=categories)
    fields = extract(text, kind)
    summary = summarise(text, max_words=max_words)
    return store(source, text, kind, fields, summary)
