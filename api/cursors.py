"""Pages of lists: where the next one begins, in words that mean something to docmill alone."""

import base64
import binascii
from typing import Any

from fastapi import Request, Response

from api.parts import as_json
from api.problems import invalid
from api.schemas import Fault
from orchestrator.ids import ID
from orchestrator.listing import Spot

LONGEST_CURSOR = 128
MOST_DIGITS = 15


def spot_of(cursor: str | None) -> Spot | None:
    """Where a cursor points to; None without one.

    Raises:
        Problem: this API did not make it.
    """
    if cursor is None:
        return None
    try:
        padded = cursor.encode() + b"=" * (-len(cursor) % 4)
        when, _, name = base64.b64decode(padded, b"-_", validate=True).decode().partition(" ")
    except (ValueError, binascii.Error):
        when, name = "", ""
    if not (when.isascii() and when.isdigit() and len(when) <= MOST_DIGITS and ID.fullmatch(name)):
        raise invalid([Fault("it is none of this API's: begin without one", parameter="cursor")])
    return Spot(int(when) / 1000, name)


def next_address(request: Request, spot: Spot | None) -> str | None:
    """The address of the page behind a spot, with all that was asked for; None where there is none."""
    if spot is None:
        return None
    told = base64.urlsafe_b64encode(f"{round(spot.when * 1000)} {spot.id}".encode()).decode().rstrip("=")
    asked = request.url.include_query_params(cursor=told)
    return f"{asked.path}?{asked.query}"


def page(value: Any, address: str | None) -> Response:
    """An answer that is one page of a list, and where the next one is."""
    return as_json(value) if address is None else as_json(value, Link=f'<{address}>; rel="next"')
