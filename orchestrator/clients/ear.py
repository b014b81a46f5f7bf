"""Hearing of the server's transitions, while nothing is asked."""

import asyncio
import math
from collections.abc import Callable

from orchestrator.connection import Asynchronous
from orchestrator.connection.patient import Patient
from orchestrator.keys import Keys

LOOK_AGAIN = 5.0
"""Seconds after which a follower looks again even where it heard nothing."""
PACE = 0.1
"""Seconds between two looks: a document of 4,000 pages has more transitions than anybody can read."""
PAGE = 1_000
"""Entries of the stream in one reading."""


class Ear:
    """Hears of transitions, of all documents; says when there was one that is meant.

    Args:
        is_meant: by what moved, `<document>` or `<document>/<step>`.
        timeout: seconds for all of it.
    """

    def __init__(self, transport: Asynchronous, is_meant: Callable[[str], bool], timeout: float | None) -> None:
        assert isinstance(transport, Patient)
        self._transport, self._is_meant = transport, is_meant
        self._stream = Keys().named("events")
        self._heard: str | None = None
        self._give_up = math.inf if timeout is None else asyncio.get_running_loop().time() + timeout

    def begin(self, time: float) -> None:
        """Listen from that time on (the server's clock, seconds): what is read later may tell of what comes after it."""
        if self._heard is None:
            self._heard = f"{int(time * 1000) - 1}-0"

    async def told(self) -> bool:
        """Until there was one that is meant, or it is long that there was; False where the time is over."""
        loop = asyncio.get_running_loop()
        if loop.time() >= self._give_up:
            return False
        look_again = min(loop.time() + LOOK_AGAIN, self._give_up)
        await asyncio.sleep(min(PACE, look_again - loop.time()))
        while (left := look_again - loop.time()) > 0 and not await self._hear(left):
            await asyncio.sleep(min(PACE, left))
        return True

    async def _hear(self, seconds: float) -> bool:
        assert self._heard is not None
        found = await self._transport.follow(self._stream, self._heard, seconds, PAGE)
        if found:
            self._heard = found[-1][0]
        return len(found) == PAGE or any(self._is_meant(what) for _, moved in found for what in moved)
