"""The asyncio transport of whoever answers people: an answer, or a clear error, within two seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from orchestrator.connection.asynchronous import Asynchronous
from orchestrator.connection.url import readable_url
from orchestrator.errors import Unreachable

PATIENCE = 1.0
"""Seconds to keep trying while the server refuses connections: it may be restarting."""
LIMIT = 1.8
"""Seconds for one call in all, also where a server took the connection and says nothing."""
MOST_CONNECTIONS = 10_000
"""Each waiter holds one; redis-py's own bound of 100 would turn away the 101st."""


class Prompt(Asynchronous):
    """A pool of connections that never keeps its caller waiting."""

    _answered_in = None  # of each exchange: the limit for all of them is enough

    def __init__(self, url: str) -> None:
        super().__init__(url, patience=PATIENCE)

    async def _patiently(self, exchange: Callable[[], Awaitable[Any]]) -> Any:
        try:
            async with asyncio.timeout(LIMIT):
                return await super()._patiently(exchange)
        except TimeoutError:
            where = readable_url(self.url)
            raise Unreachable(f"Redis does not answer at {where} within {LIMIT:g} s") from None

    def _make(self, **moved_to: Any) -> Any:
        return super()._make(**moved_to, max_connections=MOST_CONNECTIONS)
