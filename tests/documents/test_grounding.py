"""What a text says and does not say: numbers, dates and names, however they are written."""

import pytest

from worker.summaries.grounding import Ground

TEXT = """Invoice No 2024-117 of 3 May 2021. Alpha Corp owes 1,234.50 EUR to Mrs Anna Green of Harper & Sons.
The total of all claims is 5 million. Payable by 05/06/2022. Twelve parties signed; 42% came. The customer pays.
\u5951\u7ea6\u65e5\u671f\uff1a\u4e8c\u3007\u4e8c\u516d\u5e74\u4e94\u6708\u4e09\u65e5\u3002 Der Betrag ist 7.890,25 Euro."""


@pytest.fixture(scope="module")
def ground() -> Ground:
    """Of an English text."""
    return Ground(TEXT, "en")


@pytest.mark.parametrize(
    "sentence",
    [
        "Alpha Corp owes 1234.50 euros.",
        "Alpha Corp owes 1 234,50.",
        "It is dated 2021-05-03, or May 3rd, 2021, or 03.05.2021.",
        "It was made in May 2021.",
        "It is payable by 2022-06-05, or by 6 May 2022.",
        "They claim 5,000,000, that is 5 million.",
        "The 12 parties, twelve in all, signed.",
        "Green's invoice and the Greens.",
        "Customers must pay. However, payments are late.",
        "The Invoice says so.",
        "\u65e5\u671f\u662f2026\u5e745\u67083\u65e5\u3002",
        "The sum is 7,890.25.",
        "One of the two parties left.",
    ],
)
def test_what_the_text_says_in_other_signs_is_said(sentence: str, ground: Ground) -> None:
    """Separators, order, names of months, plurals, full-width and Chinese digits."""
    assert ground.missing(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("Alpha Corp owes 1,234.60 euros.", ["1,234.60"]),
        ("It is dated 4 May 2021.", ["4 May 2021"]),
        ("It is dated June 2021.", ["June 2021"]),
        ("It came on 2021/05/04.", ["2021/05/04"]),
        ("They claim 6 million.", ["6 million"]),
        ("They claim 5 billion.", ["5 billion"]),
        ("Thirteen parties signed.", ["Thirteen"]),
        ("Microsoft signed it.", ["Microsoft"]),
        ("Then John Smith paid.", ["John Smith"]),
        ("Anna Corp signed.", ["Anna Corp"]),
        ("It went to the SEC in Q3.", ["SEC", "Q3"]),
        ("43% came.", ["43"]),
        ("\u65e5\u671f\u662f2026\u5e746\u6708\u3002", ["2026\u5e746\u6708"]),
        ("Version 3.9.7 was used.", ["9", "7"]),
    ],
)
def test_what_the_text_does_not_say_is_named_as_it_is_written(
    sentence: str, missing: list[str], ground: Ground
) -> None:
    """So that the model can be told what is wrong."""
    assert ground.missing(sentence) == missing


def test_german_nouns_are_no_names() -> None:
    """Though they have capitals; two in a row are taken for one."""
    ground = Ground("Die Rechnung der Firma M\u00fcller ist bezahlt.", "de")
    assert ground.missing("Die Zahlung der Firma M\u00fcller ist eingegangen.") == []
    assert ground.missing("Die Zahlung kam von Angela Merkel.") == ["Angela Merkel"]


def test_a_language_without_capitals_has_its_numbers_checked() -> None:
    """And its Latin words."""
    ground = Ground("\u0627\u0644\u0645\u0628\u0644\u063a \u0661\u0662\u0663 \u0631\u064a\u0627\u0644 IBM", "ar")
    assert ground.missing("\u0627\u0644\u0645\u0628\u0644\u063a 123 IBM") == []
    assert ground.missing("\u0627\u0644\u0645\u0628\u0644\u063a \u0661\u0662\u0664 SAP") == ["124", "SAP"]
