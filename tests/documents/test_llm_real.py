"""The LLM steps against the embedded server: shape and wiring, and a few pinned cases."""

from pathlib import Path

import pytest

from orchestrator import Fatal
from tests.documents.fakes import FakeContext
from worker.pipelines.document import CATEGORIES
from worker.steps.classify import UNKNOWN, classify
from worker.steps.extract import FIELDS, extract
from worker.steps.join import join
from worker.steps.ocr import ocr
from worker.steps.pages import pages
from worker.steps.summarise import summarise
from worker.steps.types import Category, Text

pytestmark = [pytest.mark.real, pytest.mark.asyncio]

INVOICE = Category("invoice", 1.0)
LONG = "The committee met on Monday and discussed the budget of the town for 2027. " * 2000
CHINESE = "\u672c\u516c\u53f8\u6c7a\u5b9a\u65bc\u4e8c\u96f6\u4e8c\u516d\u5e74\u4e94\u6708" * 2000


def _text(content: str) -> Text:
    return Text(content, 1, 0, len(content.split()))


@pytest.mark.parametrize(
    ("name", "kind"),
    [("invoice.pdf", "invoice"), ("contract.pdf", "contract"), ("letter.jpg", "letter"), ("report.pdf", "report"),
     ("contract-scanned.pdf", "contract"), ("report.tiff", "report")],
)  # fmt: skip
async def test_the_samples_are_classified_right(
    name: str, kind: str, llm_ctx: FakeContext, ocr_ctx: FakeContext, samples: Path
) -> None:
    """Pinned: the model and the server are."""
    text = join([ocr(page, ctx=ocr_ctx) for page in pages(ocr_ctx.submit(samples / name), ctx=ocr_ctx)])
    found: Category = await classify(text, CATEGORIES, ctx=llm_ctx)
    assert found.category == kind
    assert set(found.scores) == set(CATEGORIES)
    assert 1 / len(CATEGORIES) < found.confidence <= 1


async def test_ones_own_categories(llm_ctx: FakeContext) -> None:
    """Without examples, by their names alone; the answer is always one of them."""
    mine = ["complaint", "order", "application"]
    found: Category = await classify(_text("I want my money back. The kettle broke."), mine, ctx=llm_ctx)
    assert found.category in mine


async def test_extract_gives_every_field_and_names_what_the_text_does_not_say(llm_ctx: FakeContext) -> None:
    """A small model invents; it must not pass unseen."""
    text = "Norden Office Supply\nInvoice 2026-0117 of 12 March 2026\nTotal due GBP 412.80"
    fields = await extract(_text(text), INVOICE, ctx=llm_ctx)
    assert tuple(fields.values) == FIELDS["invoice"]
    letters = "".join(c for c in text.casefold() if c.isalnum())
    for name, value in fields.values.items():
        said = "".join(c for c in value.casefold() if c.isalnum()) in letters
        assert said == (name not in fields.unsupported)


async def test_summarise_keeps_to_its_words(llm_ctx: FakeContext) -> None:
    """And says how many they are."""
    summary = await summarise(_text(LONG[:1500]), 20, ctx=llm_ctx)
    assert 0 < summary.words <= 21
    assert summary.words == len(summary.summary.split())
    assert not summary.truncated


@pytest.mark.parametrize("text", [LONG, CHINESE], ids=["english", "chinese"])
async def test_texts_longer_than_the_context_are_shortened_and_say_so(text: str, llm_ctx: FakeContext) -> None:
    """None of the steps fails for it; extract sends the text as summarise does."""
    kind = await classify(_text(text), CATEGORIES, ctx=llm_ctx)
    summary = await summarise(_text(text), 20, ctx=llm_ctx)
    assert kind.truncated
    assert summary.truncated


async def test_a_document_without_text_asks_nothing(ctx: FakeContext) -> None:
    """A blank page is no error; there is no LLM in this context."""
    kind = await classify(_text(" \f "), CATEGORIES, ctx=ctx)
    assert kind == Category(UNKNOWN, 0.0)
    assert set((await extract(_text(""), kind, ctx=ctx)).values.values()) == {""}
    assert (await summarise(_text(""), 20, ctx=ctx)).summary == ""


async def test_one_category_is_no_choice(ctx: FakeContext) -> None:
    """Said before the model is asked."""
    with pytest.raises(Fatal, match="at least two"):
        await classify(_text("a"), ["invoice"], ctx=ctx)
