"""A mill in the test's own process, and the client that the command line stands on."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, Protocol, TypeVar

import pytest

from orchestrator import failpoints
from orchestrator.batches.outcomes import Outcome
from orchestrator.client import Mill
from orchestrator.registry import Registry
from tests.batches.pipelines import dawdling, keeping, obeying, picky, reading, spelling, telling
from worker.testing import TestMill
from worker.testing.plugin import docmill_server, mill, mill_settings

__all__ = ["docmill_server", "mill", "mill_settings"]

T = TypeVar("T")
PIPELINES = (obeying, picky, spelling, reading, telling, keeping, dawdling)


class Act(Protocol):
    """Does something with a client of its own."""

    def __call__(self, work: Callable[[Mill], Awaitable[T]]) -> T:
        """Do it."""
        ...


@pytest.fixture
def act(mill: TestMill) -> Act:
    """A client of the mill, which knows the pipelines."""
    mill.use(*PIPELINES)

    async def whole(work: Callable[[Mill], Awaitable[Any]]) -> Any:
        async with Mill(mill.url, mill.settings, Registry(PIPELINES)) as client:
            return await work(client)

    return lambda work: asyncio.run(whole(work))


@pytest.fixture(autouse=True)
def no_failpoints() -> "AsyncIterator[None] | Any":
    """What a test arms, the next does not meet."""
    yield
    failpoints.arm("")


async def all_outcomes(client: Mill, batch: str) -> list[Outcome]:
    """Of all lines."""
    return [outcome async for outcome in client.outcomes(batch)]
