"""Documents by the thousand."""

import math
from collections.abc import AsyncGenerator, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orchestrator.admission import USUAL, own_id
from orchestrator.batches.lines import BadLine, Line, read_lines
from orchestrator.batches.outcomes import PAGE, Outcome
from orchestrator.batches.views import BatchView
from orchestrator.clients.session import Session
from orchestrator.errors import DocmillError, TooLate, UsageError
from orchestrator.graph import Pipeline

Lines = Iterable[Line | BadLine | Mapping[str, Any]]


async def submit_batch(
    session: Session,
    pipeline: str | Pipeline,
    lines: Lines | str | Path,
    /,
    *,
    aggregate: str | Pipeline | None = None,
    given: Mapping[str, Any] | None = None,
    name: str = "",
    batch: str | None = None,
    priority: int = USUAL,
    tenant: str = "default",
    lanes: Mapping[str, str] | None = None,
    delay: float = 0.0,
    deadline: float | None = None,
) -> BatchView:
    """Hand over up to 50,000 documents as one batch.

    Args:
        pipeline: one that `@pipeline` made, or the name of one that the settings know.
        lines: what each document is made of: its parameters, or a `Line` with a file; or the path of a JSONL file of such.
        aggregate: the pipeline to run once the last document has ended, however it ended.
        given: the aggregate's parameters, besides `batch`.
        name: for people.
        batch: its id, from `new_id()`. The same lines with the same id again go on where they were left.
        priority: 9 (urgent) to 0.
        tenant: for whom.
        lanes: step -> lane, where it should differ from the pipeline's.
        delay: seconds until its documents may start.
        deadline: seconds until each must have ended, else it fails; None takes the pipeline's.

    Returns:
        The batch. A line that cannot be a document is counted in `refused`, and `outcomes` says why; the others go on.

    Raises:
        UsageError: an unknown pipeline or aggregate, a file that cannot be read, more than 50,000 lines, or the batch takes
            no more.
        ServerError: Redis does not answer; the error's note has the batch's id, with which the same call goes on.
    """
    mill, identity = await session.connect(), own_id(batch)
    chosen = await session.named(pipeline)
    ending = None if aggregate is None else await session.named(aggregate)
    try:
        with _lines(lines) as given_lines:
            return await mill.submit_batch(
                chosen, given_lines, aggregate=ending, given=given, name=name, batch=identity, priority=priority,
                tenant=tenant, lanes=lanes, delay=delay, deadline=deadline,
            )  # fmt: skip
    except DocmillError as problem:
        problem.add_note(f"batch={identity!r}, given with the same lines, goes on where it was left")
        raise


async def wait_batch(session: Session, batch: str, *, timeout: float | None = None) -> BatchView:
    """A batch once all its documents have ended. Its channel tells; Redis is not polled.

    Args:
        timeout: seconds; None waits for as long as it takes.

    Raises:
        TooLate: it has not ended yet; it goes on. NotFound: no such batch, or it was purged.
    """
    mill = await session.connect()
    found = await mill.wait_batch(batch, math.inf if timeout is None else timeout)
    if not found.is_final:
        told = f"batch {batch} is {found.state} after {timeout:g} s, {found.ended} of {found.documents} documents ended"
        raise TooLate(f"{told}: it goes on, and may be waited for again")
    return found


async def outcomes(session: Session, batch: str, *, first: int = 1) -> AsyncGenerator[Sequence[Outcome], None]:
    """What became of each line of a batch, in order, refused ones included; those that have not ended say so.

    Args:
        first: the line to begin with.

    Raises:
        NotFound: no such batch, or it was purged.
    """
    mill, page = await session.connect(), list[Outcome]()
    async for outcome in mill.outcomes(batch, first):
        page.append(outcome)
        if len(page) == PAGE:
            yield page
            page = []
    yield page


@contextmanager
def _lines(given: Lines | str | Path) -> Generator[Lines]:
    """The lines, of a file where one is named.

    Raises:
        UsageError: it cannot be read.
    """
    if not isinstance(given, str | Path):
        yield given
        return
    try:
        file = Path(given).open("rb")  # noqa: SIM115  # closed below; what fails later is no fault of the file
    except (OSError, ValueError) as problem:
        raise UsageError(f"{given}: cannot be read ({getattr(problem, 'strerror', None) or problem})") from None
    with file:
        yield read_lines(file)
