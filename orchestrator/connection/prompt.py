"""The asyncio transport of whoever answers people: an answer, or a clear error, within two seconds."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from orchestrator.calls.base import Call
from orchestrator.connection.asynchronous import Asynchronous, Listener
from orchestrator.connection.blocking import LOST
from orchestrator.connection.url import readable_url
from orchestrator.errors import Unreachable, Unsuitable

T = TypeVar("T")

PATIENCE = 1.0
"""Seconds to keep trying while the server refuses connections: it may be restarting."""
LIMIT = 1.8
"""Seconds for one call in all, also where a server took the connection and says nothing."""
MOST_CONNECTIONS = 10_000
"""Each waiter holds one; redis-py's own bound of 100 would turn away the 101st."""
CANNOT_NOW = ("MISCONF", "READONLY", "CLUSTERDOWN", "MASTERDOWN", "NOREPLICAS", "BUSY")
"""What a server says that answers and cannot do its work."""


class Prompt(Asynchronous):
    """A pool of connections that never keeps its caller waiting."""

    def __init__(self, url: str) -> None:
        super().__init__(url, patience=PATIENCE)

    async def send(self, call: Call[T]) -> T:
        """As `Asynchronous.send`, within `LIMIT`.

        Raises:
            Unreachable: no answer in time.
            Full: it has no memory left for more documents.
            Unsuitable: it answers, and cannot write now.
        """
        async with self._limited():
            try:
                return await super().send(call)
            except ResponseError as problem:
                raise self._judged(problem) from None

    async def send_all(self, calls: Sequence[Call[Any]]) -> list[Any]:
        """As `Asynchronous.send_all`, within `LIMIT`; reads may be sent again."""
        async with self._limited():
            return await super().send_all(calls)

    @asynccontextmanager
    async def listen(self, channel: str) -> AsyncGenerator[Listener]:
        """As `Asynchronous.listen`; a lost connection is heard as nothing, and the waiter's next look tells."""
        async with self._redis.pubsub() as heard:  # pyright: ignore[reportUnknownMemberType]
            async with self._limited():
                try:
                    await heard.ssubscribe(channel)  # pyright: ignore[reportUnknownMemberType]
                except LOST as problem:
                    raise self._unreachable(str(problem)) from None
            yield Listener(heard, channel)

    def _make(self, **other: Any) -> "Redis":
        return super()._make(max_connections=MOST_CONNECTIONS, **other)

    @asynccontextmanager
    async def _limited(self) -> AsyncGenerator[None]:
        try:
            async with asyncio.timeout(LIMIT):
                yield
        except TimeoutError:
            raise self._unreachable(f"no answer within {LIMIT:g} s") from None

    def _unreachable(self, why: str) -> Unreachable:
        return Unreachable(f"Redis does not answer at {readable_url(self.url)}: {why}")

    def _judged(self, problem: ResponseError) -> Exception:
        where = readable_url(self.url)
        if str(problem).startswith(CANNOT_NOW):
            return Unsuitable(f"Redis at {where} cannot write now: {problem}")
        return problem
