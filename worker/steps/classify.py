"""`classify`: the kind of a document, one of those asked for."""

from typing import TYPE_CHECKING

from orchestrator import Context, Fatal, step
from worker.steps.types import Category, Text

if TYPE_CHECKING:
    from worker.models.llm import LLM

UNKNOWN = "unknown"
EXAMPLES = {
    "report": (
        "Annual Report 2022\nSummary of findings. Sales rose 8% in the second quarter. Table 1 shows results by "
        "region. We conclude that demand will stay strong."
    ),
    "form": (
        "APPLICATION FORM\nPlease print. Name: ____ Date of birth: ____\nAddress: ____ Check one box: [ ] yes [ ] no\n"
        "Signature: ____  For office use only"
    ),
    "manual": (
        "USER GUIDE\nChapter 1. Getting started. To turn the device on, press and hold the power button. See page 12 "
        "for instructions on changing the battery."
    ),
    "legal": (
        "Section 4.2 of the Act is amended. The Court held that the regulation applies. 12 CFR Part 30. Final rule; "
        "effective date."
    ),
    "brochure": (
        "Discover the new Aero 3! Fast, light, beautiful. Features: 10-hour battery, two ports. See your dealer today!"
    ),
    "invoice": (
        "INVOICE No 2024-117\nBright Tools Ltd, 4 Mill Lane\nBill to: Harper & Sons\n3 x drill bit 12.50  37.50\n"
        "VAT 20% 7.50\nTotal due: 45.00 GBP, payable within 30 days"
    ),
    "receipt": (
        "CORNER CAFE\n12 Market St\nCashier: Anna  14:02\n1 Latte 3.20\n1 Bagel 2.50\nTOTAL 5.70\n"
        "CASH 10.00 CHANGE 4.30\nThank you, come again!"
    ),
    "contract": (
        "SERVICE AGREEMENT\nThis Agreement is made on 3 May 2021 by and between Alpha Corp and Beta LLC. The parties "
        "agree as follows: 1. Term. 2. Confidentiality. IN WITNESS WHEREOF the parties have signed."
    ),
    "letter": (
        "14 March 2020\nDear Mrs Green,\nThank you for your kind note of last week. I am writing to let you know that "
        "I shall visit in June.\nYours sincerely,\nTom Hill"
    ),
}
"""One short text of each usual kind, in an order that SmolLM2 does well with; other kinds have their names alone."""


@step(lane="llm", model="llm", retries=3)
async def classify(text: Text, categories: list[str], ctx: Context) -> Category:
    """Choose by the probabilities of the categories' names as the model's next word.

    Raises:
        Fatal: fewer than two categories.
        Unavailable: the LLM server is down or busy.
    """
    if len(set(categories)) < 2:
        raise Fatal(f"classify needs at least two categories, not {categories}")
    if not text.text.strip():
        return Category(UNKNOWN, 0.0)
    llm: LLM = ctx.model("llm")
    choice = await llm.choose(text.text, _in_order(categories), EXAMPLES)
    return Category(choice.label, choice.confidence, choice.scores, choice.truncated)


def _in_order(categories: list[str]) -> list[str]:
    """Those with examples as these are ordered, then the others: a small model favours the last one shown."""
    known = [kind for kind in EXAMPLES if kind in categories]
    return known + [category for category in dict.fromkeys(categories) if category not in EXAMPLES]
