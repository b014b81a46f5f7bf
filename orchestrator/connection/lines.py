"""Connections on which one command at a time is sent, taken in turns.

redis-py's own pool looks at a connection's socket and counts it, twice each, before every command; here a dead one is
found out by its command, which is then sent again: that is safe (promise 3).
"""

import asyncio
from contextlib import suppress
from typing import Any

from orchestrator.connection.faults import LOST

ANSWER_TIMEOUT = 10.0
"""Seconds for an answer, where whoever asks sets no limit; a blocking wait adds its own time."""
MOST = 32
"""Connections: the server does one thing at a time, so more would only wait there."""


class Lines:
    """As many connections as are in use at once, within a bound; who finds them all in use waits for one.

    Args:
        pool: redis-py's, which knows how one is made.
        limit: seconds for an answer; None where whoever asks has a limit of their own.
    """

    def __init__(self, pool: Any, limit: float | None = ANSWER_TIMEOUT) -> None:
        self._pool, self._limit = pool, limit
        self._free: list[Any] = []
        self._turns = asyncio.Semaphore(MOST)

    async def exchange(self, packed: bytes) -> Any:
        """Send one packed command and read its reply.

        Raises:
            redis.RedisError, OSError, TimeoutError: as redis-py does; what was sent may have been done.
        """
        async with self._turns:
            return await self._exchange(packed)

    async def _exchange(self, packed: bytes) -> Any:
        line = self._free.pop() if self._free else self._make()
        try:
            async with asyncio.timeout(self._limit):
                await line.send_packed_command(packed, check_health=False)
                return await line.read_response()
        except LOST:
            await self.close()  # the others go the same way: they need not each find out by a call
            raise
        finally:
            self._free.append(line)

    def _make(self) -> Any:
        line = self._pool.make_connection()
        line.socket_timeout = None  # one limit an exchange, not one for each of its parts
        return line

    async def close(self) -> None:
        """End those that are not in use."""
        for line in self._free:
            with suppress(*LOST):
                await line.disconnect(nowait=True)
