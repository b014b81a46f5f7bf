"""What can be known: of one document, of its result, of lanes and workers."""

import math
from typing import Any

import msgspec
from typing_extensions import TypeVar

from orchestrator.clients.session import Session
from orchestrator.errors import DocumentFailed, NotFound, TooLate, UsageError
from orchestrator.outlook.lanes import read_lanes
from orchestrator.outlook.views import LaneOutlook, Why
from orchestrator.outlook.whys import read_why
from orchestrator.states import DocumentState, JobState
from orchestrator.views import Document
from orchestrator.worker_views import WorkerView
from orchestrator.workforce import read_workforce

T = TypeVar("T", default=Any)

ENDED_WELL = frozenset({DocumentState.SUCCEEDED, DocumentState.PARTIAL})


async def wait(session: Session, document: str, *, timeout: float | None = None) -> Document:
    """A document once it is final. Its channel tells; Redis is not polled.

    Args:
        timeout: seconds; None waits for as long as it takes.

    Raises:
        TooLate: it is not final yet; it goes on. NotFound: no such document, or it was purged.
    """
    mill = await session.connect()
    found = await mill.wait(document, math.inf if timeout is None else timeout)
    if not found.is_final:
        raise TooLate(
            f"{document} is still {found.status} after {timeout:g} s: it goes on, and may be waited for again"
        )
    return found


async def result(session: Session, document: str, into: type[T] | None = None, *, timeout: float | None = None) -> T:
    """What a document's last step returned, once the document has ended.

    Args:
        into: the type that it should have; None gives what JSON has: dicts, lists, texts, numbers.
        timeout: seconds; None waits for as long as it takes.

    Returns:
        The whole of it, also where it is large. None where a condition skipped that step.

    Raises:
        DocumentFailed: it ended without a result; the error says why.
        TooLate: it has not ended yet. NotFound: no such document, or it was purged. UsageError: it is not such a type.
    """
    found = await wait(session, document, timeout=timeout)
    mill = await session.connect()
    plan = await mill.transport.send(mill.calls.plan(found.pipeline))
    step = plan["result"]
    state = next((one.state for one in found.steps if one.name == step), "")
    if state == JobState.SKIPPED and found.status in ENDED_WELL:
        return _typed(None, into, document)
    if state != JobState.DONE or found.status not in ENDED_WELL:
        why = found.error or f"its step {step} is {state}"
        raise DocumentFailed(f"{document} {found.status}: {why}", document, found.status)
    if plan.get("forget"):
        raise NotFound(f"{document} {found.status}; its pipeline keeps no results (keep_result=False)")
    return await output(session, document, step, into)


async def output(session: Session, document: str, step: str, into: type[T] | None = None) -> T:
    """What one step returned, large or not, a list or not; also of a document that goes on, or failed later.

    Args:
        into: the type that it should have; None gives what JSON has.

    Raises:
        NotFound: no such document or step, or it has no output (yet). UsageError: it is not such a type.
    """
    mill = await session.connect()
    try:
        value = await mill.output(document, step)
    except FileNotFoundError:
        why = "it was purged meanwhile, or DOCMILL_BLOB_URL is not the workers'"
        raise NotFound(f"the output of {step!r} of {document} is not in the blob store: {why}") from None
    return _typed(value, into, f"the output of {step!r} of {document}")


async def why(session: Session, document: str) -> Why:
    """Why a document is where it is: what it waits for, what is ahead of it, until about when; or where its time went.

    Raises:
        NotFound: no such document, or it was purged.
    """
    return await read_why(await session.connect(), document)


async def lanes(session: Session) -> list[LaneOutlook]:
    """The lanes, by name: what waits in each, by priority, what runs, until about when it is through with that."""
    mill = await session.connect()
    return await read_lanes(mill.transport, mill.settings.lease)


async def workers(session: Session) -> list[WorkerView]:
    """The workers that have not ended, with their slots, and the job of each."""
    mill = await session.connect()
    return (await read_workforce(mill.transport, mill.settings.lease)).present


def _typed(value: Any, into: type[T] | None, what: str) -> T:
    if into is None:
        return value
    try:
        return msgspec.convert(value, into)
    except msgspec.ValidationError as problem:
        raise UsageError(f"{what} is not a {getattr(into, '__name__', into)}: {problem}") from None
