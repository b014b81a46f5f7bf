"""What a client would rather have: to wait for the answer (RFC 7240)."""

import re
from collections.abc import Sequence
from typing import Annotated

from fastapi import Depends, Header, Query, Request, Response

from api.problems import invalid
from api.schemas import Fault

LONGEST_WAIT = 60.0
"""Seconds that a request may wait; proxies cut longer ones."""
WAIT = re.compile(r'(?:^|[,;\s])wait\s*=\s*"?(\d{1,9})"?', re.IGNORECASE)
NUMBER = re.compile(r"\d{1,9}(\.\d{1,9})?", re.ASCII)


Prefer = Annotated[str, Header(alias="Prefer", description="`wait=10`: answer once it is final, or after 10 s.")]
"""Described as one line, as clients send it; several are read too."""


def seconds_in(prefer: Sequence[str] | None) -> float:
    """Seconds to wait, as the header asks; 0 where it does not."""
    found = WAIT.search(", ".join(prefer)) if prefer else None
    return min(float(found[1]), LONGEST_WAIT) if found else 0.0


def waiting_in(request: Request) -> tuple[float, float]:
    """Seconds to wait and seconds preferred, of a request whose headers the framework does not read.

    Raises:
        Problem: `?wait=` is no such number.
    """
    preferred = seconds_in(request.headers.getlist("prefer"))
    given = request.query_params.get("wait")
    if given is None:
        return preferred, preferred
    if not (NUMBER.fullmatch(given) and float(given) <= LONGEST_WAIT):
        raise invalid([Fault(f"it is a number of seconds from 0 to {LONGEST_WAIT:g}", parameter="wait")])
    return float(given), preferred


async def _preferred(request: Request, _: Prefer = "") -> float:
    return seconds_in(request.headers.getlist("prefer"))


async def _waited(
    preferred: "Preferred",
    wait: Annotated[
        float | None, Query(ge=0, le=LONGEST_WAIT, allow_inf_nan=False, description="Seconds; wins over Prefer.")
    ] = None,
) -> float:
    return preferred if wait is None else wait


Preferred = Annotated[float, Depends(_preferred)]
"""Seconds to wait, as the header Prefer asks; 0 where it does not."""
Waited = Annotated[float, Depends(_waited)]
"""Seconds to wait, as `?wait=` or the header asks."""


def applied(answer: Response, preferred: float) -> Response:
    """The answer, which says that the preference was followed."""
    if preferred:
        answer.headers["Preference-Applied"] = f"wait={preferred:g}"
    return answer
