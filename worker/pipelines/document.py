"""`document`: from a file to its text, kind, fields and summary."""

from orchestrator import pipeline
from orchestrator.findings import Stored
from orchestrator.source import Source

# These modules enter their loaders into the catalogue.
from worker.classification import preclassifier as preclassifier
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

CATEGORIES = ["invoice", "receipt", "contract", "letter", "report", "form", "manual", "legal", "brochure"]

READ = ("application/pdf", *(f"image/{kind}" for kind in ("png", "jpeg", "tiff", "x-ms-bmp", "bmp", "gif", "webp")))


@pipeline(version="3", on_finish=notify, takes=READ)
def document(
    source: Source,
    categories: list[str] = CATEGORIES,
    max_words: int = 150,
    lang: str = "auto",
    max_failed_pages: float = 0.1,
) -> Stored:
    """PDF, images and multi-page TIFF; a PDF's own text layer is used where it is good.

    Args:
        categories: of which one is chosen.
        max_words: of the summary.
        lang: the language, ISO 639-1; `auto` finds out.
        max_failed_pages: the share of the pages, 0 to 1, that may fail to be read without failing the document.
    """
    read = ocr.map(pages(source), lang=lang)
    text = join(read, max_failed=max_failed_pages)
    kind = classify(text, categories=categories)
    fields = extract(text, kind, read)
    summary = summarise(text, max_words=max_words)
    return store(source, text, kind, fields, summary, read)
