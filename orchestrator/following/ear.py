"""When it is time to look again, while nothing is asked."""

import asyncio
import math

from orchestrator.connection.bells import Bell

LOOK_AGAIN = 15.0
"""Seconds after which a follower looks again even where it heard nothing."""
PACE = 0.1
"""Seconds between two looks: a document of 4,000 pages has more transitions than anybody can read."""


class Ear:
    """Hears of transitions of what is followed.

    Args:
        bell: rung by each.
        timeout: seconds for all of it; None is for ever.
    """

    def __init__(self, bell: Bell, timeout: float | None) -> None:
        self._bell = bell
        self._give_up = math.inf if timeout is None else asyncio.get_running_loop().time() + timeout

    async def told(self) -> bool:
        """Until there was one, or it is long that there was; False where the time is over."""
        loop = asyncio.get_running_loop()
        if loop.time() >= self._give_up:
            return False
        look_again = min(loop.time() + LOOK_AGAIN, self._give_up)
        await asyncio.sleep(min(PACE, look_again - loop.time()))
        await self._bell.wait(max(0.0, look_again - loop.time()))
        return True
