"""The LLM steps against the embedded server: shape and wiring, and a few pinned cases."""

from pathlib import Path

import pytest

from orchestrator import Fatal
from orchestrator.findings import Category, Text
from tests.documents.fakes import FakeContext
from tests.documents.reading import read_text
from worker.classification.review import UNKNOWN
from worker.models.trimming import estimated_tokens
from worker.pipelines.document import CATEGORIES
from worker.steps.classify import classify
from worker.steps.extract import extract
from worker.steps.summarise import summarise

pytestmark = [pytest.mark.real, pytest.mark.asyncio, pytest.mark.timeout(360)]

LONG = "The committee met on Monday and discussed the budget of the town for 2027. " * 115
CHINESE = "\u672c\u516c\u53f8\u6c7a\u5b9a\u65bc\u4e8c\u96f6\u4e8c\u516d\u5e74\u4e94\u6708\u3002" * 60
"""LONG is longer than the embedded server's context, by little: its tokens take time."""


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
    text = read_text(ocr_ctx, samples / name)
    found: Category = await classify(text, CATEGORIES, ctx=llm_ctx)
    assert found.category == kind
    assert set(found.scores) == set(CATEGORIES)
    assert 1 / len(CATEGORIES) < found.confidence <= 1


async def test_ones_own_categories(llm_ctx: FakeContext) -> None:
    """Without examples, by their names alone; the answer is always one of them."""
    mine = ["complaint", "order", "application"]
    found: Category = await classify(_text("I want my money back. The kettle broke."), mine, ctx=llm_ctx)
    assert found.category in mine


async def test_summarise_keeps_to_its_words(llm_ctx: FakeContext) -> None:
    """And says how many they are."""
    summary = await summarise(_text(LONG[:1500]), 20, ctx=llm_ctx)
    assert 0 < summary.words <= 20
    assert summary.words == len([word for word in summary.summary.split() if word != "…"]), (
        "where it was cut is no word"
    )
    assert (summary.parts, summary.read) == (1, 1.0)


async def test_a_text_longer_than_the_context_is_read_in_parts(llm_ctx: FakeContext) -> None:
    """By the server's own count, in requests that it takes."""
    summary = await summarise(_text(LONG), 20, ctx=llm_ctx)
    assert (summary.parts, summary.read) == (2, 1.0)
    assert 0 < summary.words <= 20
    assert llm_ctx.reported[-1] == (2, 2)


async def test_a_category_says_when_it_is_of_the_beginning_only(llm_ctx: FakeContext) -> None:
    """In a script that takes more tokens, too."""
    assert (await classify(_text(CHINESE), CATEGORIES, ctx=llm_ctx)).truncated


async def test_the_embedded_servers_own_count(llm_ctx: FakeContext) -> None:
    """It counts; in Chinese the guess is not far above it."""
    tokens = llm_ctx.model("llm").client.tokens
    assert await tokens.exact()
    assert await tokens.count("hello world") == 2
    assert 0 < await tokens.count(CHINESE[:300]) <= 1.5 * estimated_tokens(CHINESE[:300])


async def test_a_document_without_text_asks_nothing(ctx: FakeContext) -> None:
    """A blank page is no error; there is no LLM in this context."""
    kind = await classify(_text(" \f "), CATEGORIES, ctx=ctx)
    assert kind == Category(UNKNOWN, 0.0)
    fields = await extract(_text(""), kind, [], ctx=ctx)
    assert {field.value for field in fields.fields.values()} == {None}
    assert (await summarise(_text(""), 20, ctx=ctx)).summary == ""


async def test_one_category_is_no_choice(ctx: FakeContext) -> None:
    """Said before the model is asked."""
    with pytest.raises(Fatal, match="at least two"):
        await classify(_text("a"), ["invoice"], ctx=ctx)
