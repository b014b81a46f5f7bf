"""A pipeline as a user writes one: an order comes in, each line is priced by a service, an offer goes out.

The service may be busy (then the line is tried again), may know an article not (then the offer is made without it, and
people are told), and lines are priced side by side.

export DOCMILL_PIPELINES=examples.own_pipeline:offer  # also where it is submitted
docmill worker
docmill submit --pipeline offer --param order='"4 bolt\\n1 engine"' --wait
"""

from decimal import Decimal

import msgspec

from orchestrator import Context, Fatal, Partial, Retry, pipeline, step

PRICES = {"bolt": Decimal("0.40"), "gear": Decimal("12.50"), "engine": Decimal("980.00")}
BUSY_PAUSE = 30.0
"""Seconds that the service asks for when it is busy."""


class Line(msgspec.Struct, frozen=True):
    """One line of an order."""

    pieces: int
    article: str


class Priced(msgspec.Struct, frozen=True):
    """A line and what it costs."""

    line: Line
    price: Decimal


class Offer(msgspec.Struct, frozen=True):
    """What is sent to the customer."""

    lines: list[Priced]
    total: Decimal
    without: list[str] = []
    """Why lines are missing."""


class Busy(Exception):
    """The service has too much to do."""


def look_up(article: str) -> Decimal | None:
    """What stands for the service; raises `Busy` on a bad day."""
    return PRICES.get(article)


@step
def read(order: str) -> list[Line]:
    """The lines of an order. No retry mends an order that nobody can read."""
    lines = [line.split() for line in order.splitlines() if line.strip()]
    try:
        return [Line(int(pieces), article) for pieces, article in lines]
    except ValueError:
        raise Fatal("a line is not: how many, what") from None


@step(retries=4, on_failure=Partial(max_failed=3))
def price(line: Line) -> Priced:
    """One line; with more than three that fail, the document does."""
    try:
        found = look_up(line.article)
    except Busy:
        raise Retry(BUSY_PAUSE, "the price service is busy") from None
    if found is None:
        raise Fatal(f"there is no article {line.article!r}")
    return Priced(line, found * line.pieces)


@step
def add_up(lines: list[Priced | None], ctx: Context) -> Offer:
    """All of them, None where one failed; then somebody is to look at it."""
    failed = list(ctx.failures("price").values())
    if failed:
        ctx.flag("needs_review", f"{len(failed)} of {len(lines)} lines have no price")
    known = [line for line in lines if line is not None]
    return Offer(known, sum((line.price for line in known), Decimal()), failed)


@pipeline(version="1", retention=7 * 86_400, deadline=3600)
def offer(order: str) -> Offer:
    """A fan-out over the lines, joined again."""
    return add_up(price.map(read(order)))
