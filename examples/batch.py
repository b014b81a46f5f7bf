"""A batch: many documents submitted together, and an aggregate that runs once when the last of them has ended.

DOCMILL_PIPELINES=examples.batch:receipt,examples.batch:books docmill worker
DOCMILL_PIPELINES=examples.batch:receipt,examples.batch:books python -m examples.batch

The same from the command line, one JSON object a line:
docmill batch submit receipts.jsonl --pipeline receipt --aggregate books --wait
"""

import asyncio
import re
from decimal import Decimal

import msgspec

from orchestrator import Context, EndedBatch, Fatal, pipeline, step
from orchestrator.client import Mill
from orchestrator.embedded.valkey import ensure_valkey
from orchestrator.settings import load_settings

RECEIPTS = ["Acme: 12.50", "Globex: 7.25", "Acme: a smudge", "Acme: 3.00", ""]
PATIENCE = 60.0
"""Seconds that the batch gets."""


class Receipt(msgspec.Struct, frozen=True):
    """What was read of one."""

    vendor: str
    total: Decimal


class Books(msgspec.Struct, frozen=True):
    """What the aggregate makes of all of them."""

    totals: dict[str, Decimal]
    unread: list[str]


@step
def read(text: str) -> Receipt:
    """`Fatal`: trying again would not make it readable."""
    found = re.fullmatch(r"(\w+): (\d+\.\d\d)", text)
    if not found:
        raise Fatal(f"cannot read {text!r}")
    return Receipt(found[1], Decimal(found[2]))


@pipeline()
def receipt(text: str) -> Receipt:
    """One document of the batch."""
    return read(text)


@step
def add_up(batch: EndedBatch, ctx: Context) -> Books:
    """Each line in turn, read page by page: those that failed, and those that never became a document, are there too."""
    totals: dict[str, Decimal] = {}
    unread: list[str] = []
    for outcome in ctx.outcomes(batch):
        if outcome.status == "succeeded":
            one = msgspec.convert(outcome.output, Receipt)
            totals[one.vendor] = totals.get(one.vendor, Decimal(0)) + one.total
        else:
            unread.append(f"line {outcome.line}: {outcome.error}")
    return Books(totals, unread)


@pipeline()
def books(batch: EndedBatch) -> Books:
    """The aggregate: a document of its own, so it is retried, listed and shown like any other."""
    return add_up(batch)


async def main() -> None:
    """Submit them, wait for the last one, and print what the aggregate made."""
    settings = load_settings()
    lines = [{"text": text} if text else {"txt": "a line that is none"} for text in RECEIPTS]
    async with Mill.connect(ensure_valkey(settings), settings) as mill:
        batch = await mill.submit_batch("receipt", lines, aggregate="books", name="may")
        print(f"batch {batch.id}: {batch.documents} documents, {batch.refused} refused")
        batch = await mill.wait_batch(batch.id, PATIENCE)
        last = await mill.wait(batch.aggregate or "", PATIENCE)
        print(
            f"{batch.succeeded} succeeded, {batch.failed} failed: {msgspec.json.encode(last.outputs['add_up']).decode()}"
        )


if __name__ == "__main__":
    asyncio.run(main())
