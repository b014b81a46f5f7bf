"""Amounts, currencies and identifiers in print."""

import time

import pytest

from worker.extraction import amounts, currencies
from worker.extraction.amounts import find_amounts
from worker.extraction.currencies import find_currencies
from worker.extraction.dates import find_dates
from worker.extraction.evidence import READ
from worker.extraction.identifiers import find_ibans, find_identifiers
from worker.extraction.sheets import Sheet
from worker.extraction.texts import organisations

PRINTED: list[tuple[str, list[str]]] = [
    ("1.234,50 €", ["1234.50"]),
    ("1,234.50", ["1234.50"]),
    ("€ 5", ["5.00"]),
    ("RM39.00", ["39.00"]),
    ("€ -9,32", ["-9.32"]),
    ("-5,20", ["-5.20"]),
    ("-$12.50", ["-12.50"]),
    ("Total -€ 12,50", ["-12.50"]),
    ("12,50- EUR", ["-12.50"]),
    ("12.50-15.00", []),
    ("12.50- 15.00", ["12.50", "15.00"]),
    ("\u0661\u066c\u0662\u0663\u0664\u066b\u0665\u0660", ["1234.50"]),
    ("-1234567890123456789012345678901.55", ["-1234567890123456789012345678901.55"]),
    ("CHF 3`360.00", ["3360.00"]),
    ("CHF 3'949.75", ["3949.75"]),
    ("29.99 € TTC", ["29.99"]),
    ("Rs -40.00,", ["-40.00"]),
    ("1,23,456.00", ["123456.00"]),
    ("3.441.812 Euros", ["3441812.00"]),
    ("US$1,000.00", ["1000.00"]),
    ("17 .40", ["17.40"]),
    ("34, 73", ["34.73"]),
    ("7.00T", []),
    ("99.99.", ["99.99"]),
    ("₹319.00", ["319.00"]),
    ("5EUR", ["5.00"]),
    ("¥110,000", ["110000.00", "110.00"]),
    ("1.400", ["1400.00", "1.40"]),
    ("0.125", ["0.125"]),
    ("1.2345", ["1.2345"]),
    ("1 234,50", ["234.50", "1234.50"]),
    ("CHF  3 949.75", ["949.75", "3949.75"]),
    ("21% 12,5 % 10:30 3/4 A-12 #55 INV-123 x86 +49 v1.2.3", []),
    ("8:13:39", []),
    ("NL50INGB0683251309", []),
    ("1234567890", []),
]


@pytest.mark.parametrize(("text", "values"), PRINTED)
def test_amounts(text: str, values: list[str]) -> None:
    """Each reading of each figure; the print says it by itself."""
    found = list(find_amounts(1, text, []))
    assert sorted(one.value for one in found) == sorted(values)
    for one in found:
        assert text[one.start : one.end] == one.text
        assert one.value in READ["amount"](one.text)


@pytest.mark.parametrize("endless", ["A" * 50_000, "A-" * 25_000])
def test_endless_words_take_no_time(endless: str) -> None:
    """As those of a file that was printed in base64: looked through once, not once from each letter."""
    began = time.process_time()
    assert not list(find_identifiers(1, endless, [])) + list(organisations(Sheet(1, endless)))
    assert time.process_time() - began < 3


def test_a_long_number_keeps_every_digit() -> None:
    """Decimals are rounded to 28 digits where they are reckoned with; what is printed is not."""
    assert READ["number"]("1234567890123456789012345678901234567890.50") == [
        "1234567890123456789012345678901234567890.5"
    ]


def test_a_date_is_no_amount() -> None:
    """Its digits are taken."""
    text = "07.05.2014 12.50"
    dates = [found for found, _ in find_dates(1, text)]
    assert [one.value for one in find_amounts(1, text, dates)] == ["12.50"]


def test_torn_and_ambiguous_figures_are_doubted() -> None:
    """A plain one is not."""
    doubts = {one.text: one.doubt for one in find_amounts(1, "12.50 17 .40 1.400", [])}
    assert doubts["12.50"] == 0 < doubts["17 .40"] and doubts["1.400"] >= 0.3


@pytest.mark.parametrize(
    ("text", "language", "code"),
    [
        ("$4.11", "", "USD"),
        ("US$ 5", "", "USD"),
        ("RM 85.54", "", "MYR"),
        ("(RM)", "", "MYR"),
        ("Rs 1939", "", "INR"),
        ("Price (₹)", "", "INR"),
        ("12,50 €", "", "EUR"),
        ("EUR 34,73", "", "EUR"),
        ("Total in US Dollars", "", "USD"),
        ("CHF 3", "", "CHF"),
        ("100 kr", "da", "DKK"),
        ("¥5", "zh", "CNY"),
        ("¥5", "ja", "JPY"),
        ("5 GBP", "", "GBP"),
        ("2 TRY", "", "TRY"),
    ],
)
def test_currencies(text: str, language: str, code: str) -> None:
    """Codes, signs and names."""
    found = list(find_currencies(1, text, language))
    assert [one.value for one in found] == [code]
    assert code in currencies.readings(found[0].text)


@pytest.mark.parametrize(
    "text", ["SDN BHD", "ALL of it", "TOP 10 hits", "HELADEF1GEL", "FORM", "Try this", "KMF FOODICIOUS"]
)
def test_words_that_look_like_codes(text: str) -> None:
    """They count beside a figure only, and TOP 10 is one: it is found, and ranks behind any other."""
    assert [one.value for one in find_currencies(1, text, "")] == (["TOP"] if "10" in text else [])


def test_identifiers_are_whole() -> None:
    """Tokens, and codes that print or OCR tore; no halves of amounts and dates."""
    found = {
        one.text for one in find_identifiers(1, "Invoice No : # BLR WFLD2015 of INV/2023/03/0008, V015- 673381", [])
    }
    assert {"# BLR WFLD2015", "WFLD2015", "INV/2023/03/0008", "V015- 673381"} <= found
    assert "2023/03/0008" not in found and "No" not in found


def test_ibans_have_right_check_digits() -> None:
    """One wrong digit is no account."""
    assert [one.value for one in find_ibans(1, "IBAN DE89 3704 0044 0532 0130 00 BIC X")] == [
        "DE89 3704 0044 0532 0130 00"
    ]
    assert list(find_ibans(1, "IBAN DE88 3704 0044 0532 0130 00")) == []


def test_numbers_are_written_plainly() -> None:
    """And amounts with two decimals, or more where there are."""
    assert [amounts.plainly(one) for one in amounts.readings("12,50")] == ["12.5"]
    assert [amounts.written(one) for one in amounts.readings("4950")] == ["4950.00"]
