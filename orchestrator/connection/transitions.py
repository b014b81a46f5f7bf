"""The stream of all transitions, read over one connection for all that follow documents and batches."""

import asyncio
from collections.abc import Callable
from typing import Any

from redis.exceptions import ConnectionError as RedisConnectionError

from orchestrator.connection.hub import Hub
from orchestrator.connection.lines import ANSWER_TIMEOUT
from orchestrator.connection.packing import pack
from orchestrator.keys import Keys

BLOCK = 5.0
"""Seconds for which the server waits for news in one reading."""
PACE = 0.05
"""Seconds between two readings that brought something: a busy server has thousands of transitions a second."""
PAGE = 1_000
"""Entries of one reading."""
LONG = 1.0
"""Seconds since the last reading after which the stream, which is bounded, may have lost what was not read."""


class Transitions(Hub):
    """Rings for a document that moved, or a job of it; for a batch of which a document moved.

    Args:
        make: a connection, not connected yet.
        stream: its key; None is the first shard's.
    """

    def __init__(self, make: Callable[[], Any], stream: str | None = None) -> None:
        super().__init__(make)
        self._stream = stream or Keys().named("events")
        self._after = b""
        """The newest entry that was read; empty while it is not known."""
        self._read_at = 0.0

    def is_heard(self, subject: bytes) -> bool:
        """Whether the place from which it reads on is known."""
        return self._task is not None and not self._task.done() and bool(self._after)

    async def hear(self) -> None:
        """Read on from the newest entry, for as long as anybody waits."""
        self._after, clock = b"", asyncio.get_running_loop().time
        newest = await self._exchange("XREVRANGE", self._stream, "+", "-", "COUNT", 1)
        self._after, self._read_at = (newest[0][0] if newest else b"0-0"), clock()
        for subject in [*self._asked]:
            self._confirm(subject)
        self._catch_up()
        while self._bells:
            block = str(int(BLOCK * 1000))
            found = await self._exchange(
                "XREAD", "COUNT", PAGE, "BLOCK", block, "STREAMS", self._stream, self._after, seconds=BLOCK
            )
            if found:
                self._take(found[0][1], clock())
                await asyncio.sleep(PACE)
        self._after = b""

    def _take(self, entries: "list[Any]", now: float) -> None:
        self._after = entries[-1][0]
        for _, moved in entries:
            for what in moved[::2]:
                self._ring(what)
        if len(entries) == PAGE and now - self._read_at > LONG:
            self._bells.ring_all()
        self._read_at = now

    def _ring(self, what: bytes) -> None:
        document, _, step = what.partition(b"/")
        self._bells.ring(document)
        if not step and b"." in document:
            self._bells.ring(document.partition(b".")[0])

    async def _exchange(self, *words: str | bytes | int, seconds: float = 0.0) -> Any:
        """Send a command and read its reply, which may take so much longer."""
        await self._line.send_packed_command([pack(words)], check_health=False)
        try:
            async with asyncio.timeout(seconds + ANSWER_TIMEOUT):
                return await self._line.read_response()
        except TimeoutError:
            raise RedisConnectionError("the transitions are not heard any more") from None
