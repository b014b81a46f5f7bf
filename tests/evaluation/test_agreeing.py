"""When a found value is the true one."""

import pytest

from orchestrator.evaluation.agreeing import agrees, dates


@pytest.mark.parametrize(
    ("kind", "true", "found"),
    [
        ("date", "2024-03-01", "2024-03-01"),
        ("date", "26/02/18", "2018-02-26"),
        ("date", "6/10/2019", "2019-06-10"),
        ("date", "6/10/2019", "2019-10-06"),
        ("amount", "319.0", "319.00"),
        ("amount", "RM39.00", "39.00"),
        ("amount", "1.234,50", "1234.50"),
        ("amount", "$1,234", "1234"),
        ("currency", "eur", "EUR"),
        ("identifier", "#BLR_2015-1", "BLR 20151"),
        ("text", "Amazon Web Services", "AMAZON WEB SERVICES, INC."),
        ("text", "Flipkart", "Flipkart Internet Private Limited"),
        ("text", "Delaware", "the laws of the State of Delaware"),
        ("text", "BOOK TA .K (TAMAN DAYA)", "BOOK TA.K(TAMAN DAYA)"),
        ("text", "2 years", "a period of two years"),
        ("text", "Home and Security Inc.", "Home & Security, Inc."),
        ("text", "Acme Inc. | Bolt Ltd", "Bolt Ltd. and Acme Inc"),
    ],
)
def test_right(kind: str, true: str, found: str) -> None:
    assert agrees(kind, true, found)


@pytest.mark.parametrize(
    ("kind", "true", "found"),
    [
        ("date", "2024-03-01", "2024-01-03"),
        ("date", "25/12/2018", "2018-12-26"),
        ("amount", "9.00", "900.00"),
        ("amount", "1234.50", "123450"),
        ("currency", "USD", "EUR"),
        ("identifier", "12345", "1234"),
        ("text", "Amazon Web Services", "Amazon"[:2]),
        ("text", "Free", "Freedom Telecom"),
        ("text", "Acme Inc. | Bolt Ltd", "Acme Inc."),
        ("text", "Acme", "Acme and a whole long paragraph of other words that nobody asked for"),
        ("text", "", "Acme"),
    ],
)
def test_wrong(kind: str, true: str, found: str) -> None:
    assert not agrees(kind, true, found)


def test_days_that_are_none_are_not_meant() -> None:
    assert dates("13/03/2018") == {"2018-03-13"}
    assert dates("31.02.2018") == set()
