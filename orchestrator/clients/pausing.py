"""Pausing, and going on."""

from typing import Literal

from orchestrator.clients.session import Session
from orchestrator.errors import UsageError

Kind = Literal["lane", "pipeline", "tenant"]
KINDS = ("lane", "pipeline", "tenant")


async def pause(session: Session, kind: Kind, name: str) -> None:
    """Give out no more jobs of a lane, a pipeline or a tenant; what runs is not touched, and nothing is lost.

    Raises:
        UsageError: it is none of the three.
    """
    _check(kind, name)
    await (await session.connect()).pause(kind, name)


async def resume(session: Session, kind: Kind, name: str) -> None:
    """Give them out again, each at its own place.

    Raises:
        UsageError: it is none of the three.
    """
    _check(kind, name)
    await (await session.connect()).resume(kind, name)


def _check(kind: str, name: str) -> None:
    if kind not in KINDS or not name:
        raise UsageError(f"name what is meant: one of {', '.join(KINDS)}, and its name, such as 'lane', 'gpu'")
