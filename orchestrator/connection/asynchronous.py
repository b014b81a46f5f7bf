"""The asyncio transport: a pool of connections, for the API, the command line and the shared slot process."""

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, TypeVar

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import MovedError, OutOfMemoryError, RedisError, ResponseError

from orchestrator.calls.base import Call
from orchestrator.connection.bells import Bell
from orchestrator.connection.blocking import LOAD_LIBRARY, PAUSE
from orchestrator.connection.channels import Channels
from orchestrator.connection.faults import in_words, is_passing, is_unknown_function
from orchestrator.connection.hub import Hub
from orchestrator.connection.lines import ANSWER_TIMEOUT, Lines
from orchestrator.connection.packing import pack
from orchestrator.connection.transitions import Transitions
from orchestrator.lua import library

T = TypeVar("T")

MOST_LOOKS = 8


class Asynchronous:
    """A pool of connections.

    Args:
        url: redis://, rediss:// or unix://.
        patience: seconds to keep trying when the server does not answer.
    """

    _answered_in: float | None = ANSWER_TIMEOUT
    """Seconds; None where `_patiently` has a limit for all of a call."""

    def __init__(self, url: str, patience: float = 2.0) -> None:
        self.url, self.patience = url, patience
        self._redis: Any = self._make()
        self._lines = Lines(self._redis.connection_pool, self._answered_in)
        self._channels, self._transitions = Channels(self._connection), Transitions(self._connection)
        self.crowd = asyncio.Semaphore(MOST_LOOKS)
        """For those whom one event wakes together: so they neither need a connection each nor keep others waiting."""

    async def send(self, call: Call[T]) -> T:
        """Send a call and read its answer; again where the reply was lost, or the server could not do its work.

        Raises:
            ServerError: no answer within `patience`, or the server is full.
        """
        return call.read(await self._patiently(lambda: self._once(call)))

    async def send_all(self, calls: Sequence[Call[Any]]) -> list[Any]:
        """Send several plain reads in one round trip.

        Raises:
            Unreachable: nothing answered within `patience`.
        """
        replies: list[Any] = await self._patiently(lambda: self._together(calls)) if calls else []
        return [call.read(reply) for call, reply in zip(calls, replies, strict=True)]

    async def wait_for_hint(self, keys: list[str], seconds: float) -> bool:
        """Block until one of the hints is there, at most so long; a lost connection counts as no hint."""
        try:
            return await self._redis.blpop(keys, timeout=seconds) is not None
        except (RedisError, OSError):
            await asyncio.sleep(PAUSE)
            return False

    def listen(self, channel: str) -> AbstractAsyncContextManager[Bell]:
        """Hear what is told of one document or batch, from the moment the block is entered; all share one connection.

        Raises:
            Unreachable: nothing answered within `patience`.
        """
        return self._attending(self._channels, channel)

    def follow(self, subject: str) -> AbstractAsyncContextManager[Bell]:
        """Hear of every transition of a document's jobs, or of a batch's documents; all share one connection.

        Raises:
            Unreachable: nothing answered within `patience`.
        """
        return self._attending(self._transitions, subject)

    async def close(self) -> None:
        """End all connections."""
        await self._channels.close()
        await self._transitions.close()
        await self._lines.close()
        await self._redis.aclose()

    @asynccontextmanager
    async def _attending(self, hub: Hub, subject: str) -> AsyncGenerator[Bell]:
        bell = await self._patiently(lambda: hub.attend(subject))
        try:
            yield bell
        finally:
            hub.leave(subject, bell)

    def _connection(self) -> Any:
        return self._redis.connection_pool.make_connection()

    async def _patiently(self, exchange: Callable[[], Awaitable[Any]]) -> Any:
        give_up = None
        while True:
            try:
                return await exchange()
            except MovedError as moved:
                await self.close()
                self._redis = self._make(host=moved.host, port=moved.port)  # pyright: ignore[reportUnknownMemberType]
                self._lines = Lines(self._redis.connection_pool, self._answered_in)
            except (RedisError, OSError) as problem:
                give_up = give_up or time.monotonic() + self.patience
                await self._rest(problem, give_up)

    async def _rest(self, problem: RedisError | OSError, give_up: float) -> None:
        if isinstance(problem, OutOfMemoryError) or (is_passing(problem) and time.monotonic() > give_up):
            raise in_words(problem, self.url) from None
        if not is_passing(problem):
            raise problem
        await asyncio.sleep(PAUSE)

    async def _together(self, calls: Sequence[Call[Any]]) -> list[Any]:
        async with self._redis.pipeline(transaction=False) as pipe:
            for call in calls:
                pipe.execute_command(*call.words, *call.args)
            return await pipe.execute()

    async def _once(self, call: Call[Any]) -> Any:
        packed = pack((*call.words, *call.args))
        try:
            return await self._lines.exchange(packed)
        except ResponseError as problem:
            if not is_unknown_function(problem):
                raise
            await self._lines.exchange(pack((*LOAD_LIBRARY, library().text)))
        return await self._lines.exchange(packed)

    def _make(self, **moved_to: Any) -> Any:
        off = Retry(NoBackoff(), 0)
        limit = {"max_connections": moved_to.pop("max_connections")} if "max_connections" in moved_to else {}
        made: Any = Redis.from_url(  # pyright: ignore[reportUnknownMemberType]
            self.url, retry=off, protocol=2, socket_timeout=ANSWER_TIMEOUT, **limit
        )
        made.connection_pool.connection_kwargs.update(moved_to)  # given to from_url, the URL's own host would win
        return made
