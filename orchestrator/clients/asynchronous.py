"""The client that is awaited."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Self, TypeVar

from orchestrator.clients.operation import Awaited
from orchestrator.clients.portal import CLOSED
from orchestrator.clients.session import PATIENCE, Session
from orchestrator.clients.verbs import Verbs
from orchestrator.errors import UsageError
from orchestrator.settings import Settings

R = TypeVar("R")


class AsyncClient(Verbs, Awaited):
    """docmill for asyncio. It belongs to the loop on which it is first used; connects at the first call, or at `async with`.

    Args:
        url: where Redis is; None takes `DOCMILL_REDIS_URL`, and without that the private server, started where it
            does not run.
        settings: None reads the environment.
        patience: seconds for which each call keeps trying while Redis does not answer.
    """

    def __init__(self, url: str | None = None, *, settings: Settings | None = None, patience: float = PATIENCE) -> None:
        self._session = Session(url, settings, patience)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._closed = False
        self._going_on = set[asyncio.Future[Any]]()

    async def perform(self, work: Callable[[Session], Coroutine[Any, Any, R]]) -> R:
        """Do some work over the session: what every name stands on.

        Raises:
            UsageError: the client was closed, or belongs to another loop.
        """
        if self._closed:
            raise UsageError(CLOSED)
        here = asyncio.get_running_loop()
        self._loop = self._loop or here
        if self._loop is not here:
            raise UsageError("this AsyncClient belongs to another event loop: make one in each, or use Client")
        task = asyncio.ensure_future(work(self._session))
        self._going_on.add(task)
        try:
            return await task
        except asyncio.CancelledError:
            if task.cancelled() and self._closed and not _is_cancelled():
                raise UsageError(CLOSED) from None
            raise
        finally:
            self._going_on.discard(task)

    async def close(self) -> None:
        """End the connections; calls that still wait are refused. Twice is fine."""
        self._closed = True
        going_on = [*self._going_on]
        for task in going_on:
            task.cancel()
        # Before the connections: a call whose connection is lost would try to make another.
        await asyncio.gather(*going_on, return_exceptions=True)
        await self._session.close()

    async def __aenter__(self) -> Self:
        await self.perform(Session.connect)
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _is_cancelled() -> bool:
    """Whether somebody asked for the end of the caller itself."""
    caller = asyncio.current_task()
    return caller is not None and caller.cancelling() > 0
