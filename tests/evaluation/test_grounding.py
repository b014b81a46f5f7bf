"""A value that is not on its page is seen, whatever the pipeline says of it."""

import pytest

from orchestrator.evaluation.grounding import fault
from orchestrator.findings import Evidence, Field, Line, PageText


def _fault(kind: str, value: str, seen: str, page: str, *lines: Line) -> str:
    field = Field(value, kind, Evidence(1, seen, (0, 0, 500, 100)))
    return fault(field, {1: PageText(0, page, "ocr", list(lines))})


@pytest.mark.parametrize(
    ("kind", "value", "seen", "page"),
    [
        ("text", "Acme Ltd", "Acme Ltd", "ACME  LTD\n4 Mill Lane"),
        ("identifier", "42183017", "42183017", "Invoice no: 42183017."),
        ("amount", "1234.50", "1.234,50", "Total 1.234,50 EUR"),
        ("amount", "39.00", "RM39.00", "RM39.00"),
        ("currency", "EUR", "€", "Total €4.11"),
        ("currency", "MYR", "RM", "TotalRM39.00"),
        ("date", "2018-02-26", "26/02/18", "Date: 26/02/18"),
        ("date", "2014-04-19", "19 april 2014", "op 19 april 2014"),
        ("date", "2020-08-20", "8/20/2020", "Date: 8/20/2020"),
        ("amount", "3949.75", "3`949.75", "CHF 3`949.75"),
        ("date", "2018-12-25", "20181225", "20181225"),
        ("date", "2006-05-25", "二〇〇六年五月二十五日", "二〇〇六年五月二十五日決定"),
        ("date", "2024-03-01", "٠١/٠٣/٢٠٢٤", "٠١/٠٣/٢٠٢٤"),
    ],
)
def test_on_the_page(kind: str, value: str, seen: str, page: str) -> None:
    assert _fault(kind, value, seen, page) == ""


@pytest.mark.parametrize(
    ("kind", "value", "seen", "page", "says"),
    [
        ("text", "Acme Ltd", "Acme Ltd", "Bolt Ltd", "does not say 'Acme Ltd'"),
        ("text", "Free", "Free", "Freedom", "page 1 does not say"),
        ("amount", "4.11", "4.11", "14.11", "page 1 does not say"),
        ("amount", "4.11", "4.11", "4.112,00", "page 1 does not say"),
        ("amount", "4.12", "4.11", "4.11", "'4.11' does not say '4.12'"),
        ("amount", "123450", "1.234,50", "1.234,50", "does not say '123450'"),
        ("date", "2018-02-27", "26/02/18", "26/02/18", "does not say '2018-02-27'"),
        ("date", "2018-03-26", "26/02/18", "26/02/18", "does not say '2018-03-26'"),
        ("date", "2020-08-21", "8/20/2020", "8/20/2020", "does not say"),
        ("date", "2019-04-19", "19 april 2014", "19 april 2014", "does not say"),
        ("currency", "USD", "€", "€", "does not say 'USD'"),
        ("identifier", "123", "1 2 4", "1 2 4", "does not say '123'"),
        ("text", "Acme", "", "Acme", "does not say"),
    ],
)
def test_not_on_the_page(kind: str, value: str, seen: str, page: str, says: str) -> None:
    assert says in _fault(kind, value, seen, page)


def test_evidence_of_two_lines_is_found_in_those_that_its_box_touches() -> None:
    """Between them stands another column's line."""
    lines = (Line("Acme Office", (0, 0, 400, 40), 1), Line("Supply Ltd", (0, 50, 400, 90), 1))
    assert (
        _fault("text", "Acme Office Supply Ltd", "Acme Office Supply Ltd", "Acme Office  Bill to\nSupply Ltd", *lines)
        == ""
    )


def test_a_value_needs_evidence_on_a_page_that_was_read() -> None:
    """None is no value, and wants none."""
    assert fault(Field(None, "text"), {}) == ""
    assert fault(Field("a", "text"), {}) == "no evidence is given"
    assert fault(Field("a", "text", Evidence(2, "a")), {1: PageText(0, "a", "ocr")}) == "page 2 was not read"
