"""A pipeline whose steps have the names and the results of `document`, and need neither OCR nor an LLM."""

from orchestrator import pipeline, step
from orchestrator.errors import Fatal
from orchestrator.findings import Category, Check, Fields, PageText, Stored, Summary, Text
from orchestrator.source import Source
from tests.evaluation.made import CATEGORIES, SHOP, TOTAL, VENDOR


@step(lane="cpu")
def pages(source: Source) -> list[int]:
    """Two."""
    return [0, 1]


@step(lane="cpu")
def ocr(page: int) -> PageText:
    """A shop's bill, and a blank page."""
    return SHOP if page == 0 else PageText(page, "", "blank")


@step(lane="cpu")
def join(pages: list[PageText]) -> Text:
    """Its text."""
    return Text("\f".join(page.text for page in pages), len(pages), 1, 7, lang="en")


@step(lane="cpu")
def classify(text: Text, categories: list[str]) -> Category:
    """An invoice."""
    return Category("invoice", 0.8, dict.fromkeys(categories, 0.1) | {"invoice": 0.8})


@step(lane="cpu")
def extract(text: Text, kind: Category, fail: bool) -> Fields:
    """What is on it, or nothing at all."""
    if fail:
        raise Fatal("the bill is torn")
    return Fields({"vendor": VENDOR, "total": TOTAL}, [Check("total", True, "1000.00 + 234.50 = 1234.50")], ["number"])


@step(lane="cpu")
def summarise(fields: Fields) -> Summary:
    """One sentence, after the fields: a document that fails there has none."""
    return Summary("A bill of [b]Corner Café[/b].", 4)


@step(lane="cpu")
def store(summary: Summary, source: Source) -> Stored:
    """It is to be looked at."""
    return Stored("memory://nowhere", 1, ["a required field is missing: number"])


@pipeline()
def bill(source: Source, categories: list[str] = CATEGORIES, fail: bool = False) -> Stored:
    """From a file to findings."""
    text = join(ocr.map(pages(source)))
    return store(summarise(extract(text, classify(text, categories=categories), fail=fail)), source)
