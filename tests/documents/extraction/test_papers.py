"""Documents in several languages, from their text to their fields, by rank alone."""

import pytest

from orchestrator.forms import FormField
from tests.documents.extraction.papers import (
    AMERICAN,
    CHINESE,
    FRENCH,
    GERMAN,
    JAPANESE,
    SPANISH,
    TILL,
    by_rank,
    values_of,
)

CASES = [
    (
        "de",
        GERMAN,
        ("RE-2024-00123", "2024-04-03", "2024-04-17", "1041.00", "197.79", "1238.79", "EUR"),
        "Müller & Söhne GmbH",
    ),
    (
        "fr",
        FRENCH,
        ("F2023-0456", "2023-03-15", "2023-04-14", "1270.00", "254.00", "1524.00", "EUR"),
        "SARL Dupont Frères",
    ),
    (
        "ja",
        JAPANESE,
        ("INV-2024-0042", "2024-05-01", "2024-05-31", "100000.00", "10000.00", "110000.00", "JPY"),
        "株式会社山田商事",
    ),
    ("zh", CHINESE, ("12345678", "2023-12-05", None, "1000.00", "130.00", "1130.00", "CNY"), "北京某某科技有限公司"),
    (
        "es",
        SPANISH,
        ("A-2022/117", "2022-06-05", "2022-07-05", "2500.00", "525.00", "3025.00", "EUR"),
        "Tecnología Ibérica S.L.",
    ),
    ("en", AMERICAN, ("#10045", "2024-01-05", "2024-02-04", "1799.00", "148.42", "1947.42", "USD"), "ACME Corporation"),
]
NAMES = ("number", "date", "due_date", "net", "tax", "total", "currency")


@pytest.mark.parametrize(("language", "page", "expected", "vendor"), CASES, ids=[case[0] for case in CASES])
async def test_an_invoice(language: str, page: str, expected: tuple[str | None, ...], vendor: str) -> None:
    """Its amounts explain each other, so the check holds."""
    found = await by_rank("invoice", page, language=language)
    assert tuple(found.fields[name].value for name in NAMES) == expected
    assert found.fields["vendor"].value == vendor
    assert found.missing == []
    assert all(check.holds for check in found.checks) and found.checks[0].name == "net + tax = total"


async def test_a_till_receipt_without_a_currency() -> None:
    """What nobody printed is missing; cash and change are no total."""
    found = values_of(await by_rank("receipt", TILL))
    assert found == {"vendor": "WALMART", "date": "2019-04-27", "net": "4.86", "tax": "0.20", "total": "5.06"}


async def test_fields_of_ones_own() -> None:
    """A field of no known role is found by its name and its hint."""
    form = (
        FormField("po_number", "identifier"),
        FormField("hours", "number", "Consulting"),
        FormField("hosting", "amount"),
        FormField("account", "iban"),
        FormField("project", hint="Projekt"),
    )
    page = AMERICAN + "Projekt: Sunrise\nIBAN DE89 3704 0044 0532 0130 00  BIC COBADEFF\n"
    found = values_of(await by_rank("invoice", page, form=form))
    assert found["po_number"] == "4500012345"
    assert found["project"] == "Sunrise"
    assert found["account"] == "DE89 3704 0044 0532 0130 00"


async def test_the_number_of_a_field_of_ones_own_stands_beside_its_name() -> None:
    """Numbers are plain."""
    found = await by_rank("form", "Persons: 12\nRooms: 3.5\nPage 4", form=(FormField("rooms", "number"),))
    assert values_of(found) == {"rooms": "3.5"}


async def test_an_amount_between_others_is_chosen_by_what_it_explains() -> None:
    """Two totals have the same label; one of them is net and tax."""
    page = "Total 90.00\nNet 80.00\nVAT 20.00\nTotal 100.00\nTotal 110.00\n"
    assert (await by_rank("receipt", page)).fields["total"].value == "100.00"


async def test_a_contract_of_two_pages() -> None:
    """Names in sentences; evidence tells the page."""
    found = await by_rank(
        "contract",
        "Consulting agreement\nThis Agreement is made on 3 May 2026 between Kestrel Data GmbH, Berlin\nand Marlow LLC.",
        "It continues for a period of two years, unless terminated.\nThis Agreement is governed by the laws of Germany.",
    )
    assert values_of(found) == {
        "party": "Kestrel Data GmbH",
        "other_party": "Marlow LLC",
        "date": "2026-05-03",
        "term": "two years",
        "governing_law": "Germany",
    }
    law = found.fields["governing_law"].evidence
    assert law is not None and (law.page, law.text) == (2, "Germany")


async def test_a_contract_between_people() -> None:
    """Names without a company's suffix."""
    found = await by_rank(
        "contract", "Lease\nThis lease is made on 1 May 2024 between Anna Maria Berg (the landlord) and Tom de Vries."
    )
    assert values_of(found) == {"party": "Anna Maria Berg", "other_party": "Tom de Vries", "date": "2024-05-01"}


async def test_a_document_that_says_nothing() -> None:
    """Every field is null, and those that must be there are named."""
    found = await by_rank("invoice", "Lorem ipsum dolor sit amet.")
    assert {"number", "date", "total"} <= set(found.missing)
    assert not {"number", "date", "total", "currency", "net", "tax", "due_date"} & set(values_of(found))
