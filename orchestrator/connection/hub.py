"""One connection that hears for many: what all such have in common."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from redis.exceptions import RedisError

from orchestrator.connection.bells import Bell, Bells
from orchestrator.connection.faults import LOST
from orchestrator.connection.lines import ANSWER_TIMEOUT

PAUSE = 0.2
"""Seconds before a lost connection is made again."""


class Hub(ABC):
    """Hears for as long as anybody waits; makes its connection again where it is lost, and then wakes everybody.

    Args:
        make: a connection of the transport's pool, not connected yet.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self._make = make
        self._bells = Bells()
        self._asked: dict[bytes, asyncio.Future[None]] = {}
        self._task: asyncio.Task[None] | None = None
        self._line: Any = None
        self._missed = False

    async def attend(self, subject: str) -> Bell:
        """A bell that is rung by all that happens to the subject from now on; `leave` it in the end.

        Raises:
            redis.RedisError, OSError, TimeoutError: nothing is heard now; ask again.
        """
        name = subject.encode()
        bell = self._bells.hang(name)
        try:
            if not self.is_heard(name):
                asked = self._asked.setdefault(name, asyncio.get_running_loop().create_future())
                await self._ask(name)
                async with asyncio.timeout(ANSWER_TIMEOUT):
                    await asyncio.shield(asked)
        except BaseException:
            self.leave(subject, bell)
            raise
        return bell

    def leave(self, subject: str, bell: Bell) -> None:
        """The bell is not needed any more."""
        self._bells.take_down(subject.encode(), bell)

    async def close(self) -> None:
        """End the connection; who still waits hears nothing until somebody attends again."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    @abstractmethod
    def is_heard(self, subject: bytes) -> bool:
        """Whether what happens to it from now on rings its bells."""

    @abstractmethod
    async def hear(self) -> None:
        """Hear over `_line`, which is connected, until nobody waits."""

    async def _ask(self, subject: bytes) -> None:
        """See to it that the subject is heard."""
        del subject
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._serve())

    def _catch_up(self) -> None:
        """All is heard again: what was told meanwhile everybody looks for."""
        if self._missed:
            self._missed = False
            self._bells.ring_all()

    def _confirm(self, subject: bytes) -> None:
        asked = self._asked.pop(subject, None)
        if asked is not None and not asked.done():
            asked.set_result(None)

    async def _serve(self) -> None:
        while self._bells:
            line = self._make()
            line.socket_timeout = None  # each reading has a limit of its own
            try:
                async with asyncio.timeout(ANSWER_TIMEOUT):
                    await line.connect()
                self._line = line  # not before: what is asked for meanwhile must not come between its first words
                await self.hear()
            except (*LOST, RedisError) as problem:
                self._missed = True
                self._refuse(problem)
                self._bells.ring_all()
                await asyncio.sleep(PAUSE)
            finally:
                self._line = None
                with suppress(*LOST):
                    await line.disconnect(nowait=True)

    def _refuse(self, problem: Exception) -> None:
        asked, self._asked = self._asked, {}
        for one in asked.values():
            if not one.done():
                one.set_exception(problem)
                one.exception()  # its waiter may have gone: then nobody is to be told
