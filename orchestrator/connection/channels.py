"""The channels of documents and batches, all heard over one connection."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis.exceptions import ConnectionError as RedisConnectionError

from orchestrator.connection.bells import Bell
from orchestrator.connection.faults import LOST
from orchestrator.connection.hub import Hub
from orchestrator.connection.packing import pack

LOOK = 10.0
"""Seconds of silence after which the server is asked whether it is still there."""
PAGE = 500
"""Channels of one command."""


class Channels(Hub):
    """One subscribed connection.

    Args:
        make: a connection, not connected yet.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        super().__init__(make)
        self._heard = set[bytes]()
        self._writing = asyncio.Lock()
        self._going_on = set[asyncio.Task[None]]()

    def is_heard(self, subject: bytes) -> bool:
        """Whether the server said that it is subscribed."""
        return self._line is not None and subject in self._heard

    def leave(self, subject: str, bell: Bell) -> None:
        """The bell is not needed any more; with its last one the channel is left."""
        super().leave(subject, bell)
        name = subject.encode()
        if name in self._heard and name not in self._bells:
            task = asyncio.get_running_loop().create_task(self._leave_channel(name))
            self._going_on.add(task)
            task.add_done_callback(self._going_on.discard)

    async def hear(self) -> None:
        """Subscribe to all that is waited for, then read what is told."""
        self._heard.clear()
        wanted = self._bells.subjects
        for first in range(0, len(wanted), PAGE):
            await self._write("SSUBSCRIBE", *wanted[first : first + PAGE])
        silent = False
        while True:
            told = await self._line.read_response(timeout=LOOK)
            if told is not None:
                silent = False
                self._take(told)
            elif not self._bells:
                return
            elif silent:
                raise RedisConnectionError("nothing is heard any more")
            else:
                silent = True
                await self._write("PING")

    def _take(self, told: "list[Any]") -> None:
        kind, channel = told[0], told[1]
        if kind == b"smessage":
            self._bells.ring(channel)
        elif kind == b"ssubscribe":
            self._heard.add(channel)
            self._confirm(channel)
            if self._missed and self._heard.issuperset(self._bells.subjects):
                self._catch_up()
        elif kind == b"sunsubscribe" and channel in self._heard:
            raise RedisConnectionError("the channel's shard has moved")

    async def _ask(self, subject: bytes) -> None:
        await super()._ask(subject)
        await self._write("SSUBSCRIBE", subject)

    async def _leave_channel(self, channel: bytes) -> None:
        async with self._writing:
            if channel not in self._bells and channel in self._heard:  # else somebody came meanwhile
                self._heard.discard(channel)
                with suppress(*LOST):
                    await self._send("SUNSUBSCRIBE", channel)

    async def _write(self, *words: str | bytes) -> None:
        async with self._writing:
            await self._send(*words)

    async def _send(self, *words: str | bytes) -> None:
        # Where it was lost the task that hears makes another, and subscribes to all that is waited for.
        if self._line is not None and self._line.is_connected:
            await self._line.send_packed_command([pack(words)], check_health=False)
