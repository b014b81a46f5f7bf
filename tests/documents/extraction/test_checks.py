"""Fields compared with each other."""

import pytest

from orchestrator.findings import Check
from tests.documents.extraction.papers import by_rank

CASES = [
    ("Subtotal 100.00\nVAT 20.00\nTotal 120.00", Check("net + tax = total", True, "100.00 + 20.00 = 120.00")),
    (
        "Subtotal 100.00\nVAT 20.00\nTotal 125.00",
        Check("net + tax = total", False, "100.00 + 20.00 = 120.00, not 125.00"),
    ),
    (
        "Subtotal 26.61\nGST 1.60\nTotal 28.20",
        Check("net + tax = total", True, "26.61 + 1.60 = 28.20, rounded by -0.01"),
    ),
    (
        "Subtotal 26.60\nService charge 2.66\nGST 1.76\nRounding -0.02\nTotal 31.00",
        Check("net + tax + others = total", True, "26.60 + 1.76 + 2.66 - 0.02 = 31.00"),
    ),
    (
        "Subtotal 300.00\nVAT 6% 6.00\nVAT 21% 42.00\nTotal 348.00",
        Check("net + taxes = total", True, "300.00 + 42.00 + 6.00 = 348.00"),
    ),
]


@pytest.mark.parametrize(("page", "check"), CASES, ids=[check.name + page[-7:] for page, check in CASES])
async def test_sums(page: str, check: Check) -> None:
    """With the figures, tips, rounding and several taxes included."""
    assert (await by_rank("receipt", page)).checks[0] == check


async def test_a_discount_may_take_the_total_below_its_net() -> None:
    """The figures add up: nothing is wrong with them."""
    found = await by_rank("receipt", "Subtotal 100.00\nDiscount 20.00\nVAT 10.00\nTotal 90.00")
    assert found.checks[0] == Check("net + tax + others = total", True, "100.00 + 10.00 - 20.00 = 90.00")
    assert all(check.holds for check in found.checks)


@pytest.mark.parametrize("sign", ["-", "-$", "-€ "])
async def test_a_credit_note_adds_up(sign: str) -> None:
    """Its amounts are negative, wherever the minus stands."""
    found = await by_rank("invoice", f"CREDIT NOTE\nSubtotal {sign}100.00\nVAT {sign}10.00\nTotal {sign}110.00")
    assert [found.fields[name].value for name in ("net", "tax", "total")] == ["-100.00", "-10.00", "-110.00"]
    assert Check("net + tax = total", True, "-100.00 + -10.00 = -110.00") in found.checks


async def test_a_failed_check_takes_confidence() -> None:
    """From the fields that it compares, and no other."""
    good = (await by_rank("receipt", "Date: 3 May 2020\nSubtotal 100.00\nVAT 20.00\nTotal 120.00")).fields
    bad = (await by_rank("receipt", "Date: 3 May 2020\nSubtotal 100.00\nVAT 20.00\nTotal 125.00")).fields
    assert all(bad[name].confidence < 0.6 * good[name].confidence for name in ("net", "tax", "total"))
    assert bad["date"].confidence == pytest.approx(good["date"].confidence, abs=0.01)


async def test_due_before_it_was_written() -> None:
    """Dates have an order."""
    found = await by_rank("invoice", "Invoice date: 3 May 2020\nDue date: 1 May 2020\nTotal 5.00")
    assert Check("due date >= date", False, "2020-05-01 is before 2020-05-03") in found.checks
    assert found.fields["date"].confidence < 0.6


async def test_a_total_below_its_net() -> None:
    """Each part is no more than the whole."""
    found = await by_rank("receipt", "Subtotal 100.00\nTotal 20.00")
    assert [check for check in found.checks if not check.holds] in (
        [],
        [Check("total >= net", False, "20.00 is less than 100.00")],
    )
    assert found.fields["net"].value is None or found.fields["total"].confidence < 0.6
