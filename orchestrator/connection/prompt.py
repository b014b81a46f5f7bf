"""The asyncio transport of whoever answers people: an answer, or a clear error, within two seconds."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from redis.exceptions import ResponseError

from orchestrator.connection.asynchronous import Asynchronous
from orchestrator.connection.url import readable_url
from orchestrator.errors import Unreachable, Unsuitable

PATIENCE = 1.0
"""Seconds to keep trying while the server refuses connections: it may be restarting."""
LIMIT = 1.8
"""Seconds for one call in all, also where a server took the connection and says nothing."""
MOST_CONNECTIONS = 10_000
"""Each waiter holds one; redis-py's own bound of 100 would turn away the 101st."""
CANNOT_NOW = ("MISCONF", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "NOREPLICAS", "BUSY")
"""What a server says that answers and cannot do its work."""


class Prompt(Asynchronous):
    """A pool of connections that never keeps its caller waiting.

    Its calls raise Unsuitable, too, where the server answers and cannot write now.
    """

    def __init__(self, url: str) -> None:
        super().__init__(url, patience=PATIENCE)

    async def _patiently(self, exchange: Callable[[], Awaitable[Any]]) -> Any:
        where = readable_url(self.url)
        try:
            async with asyncio.timeout(LIMIT):
                return await super()._patiently(exchange)
        except TimeoutError:
            raise Unreachable(f"Redis does not answer at {where} within {LIMIT:g} s") from None
        except ResponseError as problem:
            if str(problem).startswith(CANNOT_NOW):
                raise Unsuitable(f"Redis at {where} cannot write now: {problem}") from None
            raise

    def _make(self, **other: Any) -> Any:
        return super()._make(max_connections=MOST_CONNECTIONS, **other)
