"""Real invoices and contracts that have a text layer: read and extracted by rank, without OCR and without a model."""

from pathlib import Path

from benchmarks.extraction.scores import Scores
from benchmarks.extraction.truth import truths
from orchestrator.findings import Category, Text
from orchestrator.settings import Settings
from tests.documents.fakes import FakeContext
from worker.steps.extract import extract
from worker.steps.ocr import ocr
from worker.steps.pages import pages


async def test_fields_of_real_documents(corpus: Path, tmp_path: Path) -> None:
    """Twelve documents in four languages; every value is on its page."""
    ctx, scores = FakeContext(Settings(data_dir=tmp_path, extract_by="rank")), Scores()
    for name, truth in truths(corpus).items():
        if name.endswith(".pdf"):
            read = [ocr(page, lang="auto", ctx=ctx) for page in pages(ctx.submit(corpus / name), ctx=ctx)]
            text = Text("\f".join(page.text for page in read), len(read), 0, 0)
            found = await extract(text, Category(name.split("-")[0], 1.0), list(read), ctx=ctx)
            scores.add(name, found, truth, read)
            assert all(one.evidence.box for one in found.fields.values() if one.evidence), name
    assert scores.ungrounded == []
    rights = {name: one.right for name, one in scores.tallies.items()}
    assert rights["date"] >= 10 and rights["total"] >= 6 and rights["number"] >= 6 and rights["currency"] >= 5
    assert rights["parties"] >= 8 and rights["term"] >= 4 and rights["governing_law"] >= 4 and rights["vendor"] >= 5
