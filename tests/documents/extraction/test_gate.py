"""A value that is not on the page never comes out, whatever the model says."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestrator.findings import Evidence, Field
from orchestrator.forms import KINDS, FormField, form_of
from tests.documents.extraction.liars import Liar
from tests.documents.extraction.papers import AMERICAN, GERMAN
from worker.extraction.candidates import Candidate
from worker.extraction.evidence import located, says
from worker.extraction.ranking import Option
from worker.extraction.sheets import Sheet, sheets_of
from worker.extraction.slates import Slate
from worker.extraction.targets import target_of
from worker.extraction.whole import Asker, By, extract_fields, field_of

PRINT = [
    "Total",
    "VAT",
    "Subtotal",
    "Invoice No",
    "Date:",
    "Due date",
    "€",
    "$",
    "RM",
    "EUR",
    "12.50",
    "1.234,50",
    "1 234,50",
    "2.50",
    "15.00",
    "-3.00",
    "7. Mai 2014",
    "6/10/2019",
    "2024-03-01",
    "25-12-18",
    "2017年6月5日",
    "INV/2023/8",
    "#A 77",
    "DE89 3704 0044 0532 0130 00",
    "Acme Ltd",
    "Kestrel GmbH",
    "Project: Sunrise",
    "\n",
    "\n",
    "  ",
    "\f",
]
"""Of which pages are made."""
LIES: st.SearchStrategy[Any] = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.integers(),
    st.sampled_from([*PRINT, "999.99", "2099-01-01", "USD", "Globex", "12.5"]),
    st.lists(st.text(), max_size=2),
)
FORM = (
    *form_of("invoice", {}),
    FormField("project"),
    FormField("account", "iban"),
    FormField("count", "number"),
    FormField("remark"),
)


def printed(field: Field, pages: list[str]) -> bool:
    """Whether the value is on its page: judged by its digits and letters, not by the parsers that found it."""
    value, evidence = field.value or "", field.evidence
    if evidence is None or evidence.text not in pages[evidence.page - 1]:
        return False
    if field.kind == "date":
        year, _, day = value.split("-")
        return year[-2:] in evidence.text and str(int(day)) in evidence.text
    if field.kind in ("amount", "number"):
        digits = re.sub(r"\D", "", evidence.text).strip("0")
        return re.sub(r"\D", "", str(abs(Decimal(value)))).strip("0") == digits and (Decimal(value) < 0) == (
            "-" in evidence.text
        )
    if field.kind == "currency":
        return value in {"€": "EUR", "$": "USD", "RM": "MYR"}.get(evidence.text, evidence.text)
    return re.sub(r"\s", "", value) == re.sub(r"\s", "", evidence.text)


@given(
    words=st.lists(st.sampled_from(PRINT), max_size=25),
    lies=st.dictionaries(st.sampled_from([f.name for f in FORM]), LIES),
    by=st.sampled_from(["model", "both"]),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.asyncio
async def test_no_lie_comes_out(words: list[str], lies: dict[str, Any], by: By) -> None:
    """Any text, any answer, whoever chooses."""
    text = " ".join(words)
    pages = text.split("\f")
    llm: Any = Liar(lies)
    found = await extract_fields("invoice", FORM, sheets_of(text, []), "", Asker(by, llm))
    assert [name for name, one in found.fields.items() if one.value is not None and not printed(one, pages)] == []
    assert [name for name, one in found.fields.items() if (one.value is None) != (one.evidence is None)] == []
    assert all(0 <= one.confidence <= 1 for one in found.fields.values())


FORGED = {
    "text": ("Globex", "Globex"),
    "date": ("2024-04-05", "03.04.2024"),
    "amount": ("9999.00", "1.238,79"),
    "currency": ("USD", "EUR"),
    "identifier": ("RE-2024-00124", "RE-2024-00123"),
    "iban": ("DE88", "DE89"),
    "number": ("12", "10"),
}
"""A value, and print that says another."""


@pytest.mark.parametrize("kind", KINDS)
def test_the_gate_stops_what_the_print_does_not_say(kind: str) -> None:
    """Even where everything before it has gone wrong: a candidate that no parser found."""
    value, text = FORGED[kind]
    target = target_of(FormField("x", kind))
    slate = Slate(target, [Option(value, 9.0, [(9.0, Candidate(value, 1, 0, len(text), text))])])
    assert field_of(slate, {}, "rank", sheets_of(GERMAN, [])) == Field(None, kind)


@pytest.mark.parametrize(
    ("kind", "value", "evidence"),
    [
        ("amount", "412.80", Evidence(1, "412.80")),
        ("amount", "412.80", Evidence(1, "1.412,80")),
        ("text", "Acme", Evidence(2, "Acme")),
        ("text", "", Evidence(1, "")),
        ("text", "Acme", Evidence(0, "Acme")),
        ("date", "2024-05-01", Evidence(1, "May 2024")),
    ],
)
def test_evidence_that_is_none(kind: str, value: str, evidence: Evidence) -> None:
    """Not on the page, cut out of other print, on a page that is not there, without its year."""
    assert not says(kind, value, evidence, [Sheet(1, "Acme 1.412,80 of May 2024")])


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("acme trading ltd", "ACME\nTrading Ltd"),
        ("ACMETrading Ltd", "ACME\nTrading Ltd"),
        ("Acme Trading", "ACME\nTrading"),
        ("Acme Trade", None),
        ("ding Ltd", None),
        ("80", None),
        ("1.412", None),
        ("1.412,80", "1.412,80"),
        ("x", None),
        ("--", None),
        ("", None),
    ],
)
def test_a_copied_text_is_looked_for(value: str, found: str | None) -> None:
    """Case and white space are no difference; half a word or a figure is."""
    one = located(value, [Sheet(1, "nothing"), Sheet(2, "By ACME\nTrading Ltd for 1.412,80 --")])
    assert (one and one.text) == found
    assert one is None or (one.page, one.value) == (2, " ".join(one.text.split()))


async def test_a_model_chooses_among_what_was_found() -> None:
    """Its choice counts where it is one of them; else the field is null, or the rank's where both choose."""
    sheets = sheets_of(AMERICAN, [])
    form = form_of("invoice", {})

    async def total(answer: Mapping[str, Any], by: By) -> str | None:
        llm: Any = Liar(dict(answer))
        return (await extract_fields("invoice", form, sheets, "", Asker(by, llm))).fields["total"].value

    assert await total({"total": "1799.00"}, "model") == "1799.00"
    assert await total({"total": "1947.43"}, "model") is None
    assert await total({"total": None}, "model") is None
    assert await total({}, "model") is None
    assert await total({"total": "1799.00"}, "both") == "1947.42", "the ranks leave no doubt"
    assert await total({"total": "1947.43"}, "both") == "1947.42"


async def test_where_ranks_are_near_the_model_decides() -> None:
    """It is asked about those only, and sees no other value."""
    page = "Total  90.00\nTotal  80.00\nDate: 3 May 2020"
    form = (FormField("total", "amount"), FormField("date", "date"))
    for choice in ("90.00", "80.00"):
        llm: Any = Liar({"total": choice, "date": "2020-05-04"})
        found = await extract_fields("receipt", form, sheets_of(page, []), "", Asker("both", llm))
        assert (found.fields["total"].value, found.fields["date"].value) == (choice, "2020-05-03")
        ((_, schema),) = llm.asked
        assert schema["properties"] == {"total": {"enum": ["90.00", "80.00", None]}}
