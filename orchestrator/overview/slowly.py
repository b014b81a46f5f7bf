"""What changes slowly, or costs more to read: looked at again after a few seconds."""

import asyncio
from dataclasses import dataclass, field

from orchestrator.calls.overview import OverviewCalls
from orchestrator.keys import Keys
from orchestrator.outlook.dead_letters import DeadLetters, read_dead_letters
from orchestrator.outlook.lanes import outlook_of
from orchestrator.outlook.looking import read_before
from orchestrator.outlook.views import LaneOutlook
from orchestrator.overview.views import ServerFacts
from orchestrator.reading import Reading
from orchestrator.workforce import Workforce

PERIOD = 5.0
"""Seconds."""
NEWEST, COUNTED = 8, 100
"""Dead letters that are shown, and that are counted by what they failed of."""


@dataclass
class Slow:
    """What was read last.

    Args:
        before: the counters as they were `window` seconds ago.
    """

    outlooks: list[LaneOutlook] = field(default_factory=list[LaneOutlook])
    before: dict[str, int] = field(default_factory=dict[str, int])
    window: float = 0.0
    dead: DeadLetters = field(default_factory=lambda: DeadLetters(0, [], []))
    server: ServerFacts = field(default_factory=lambda: ServerFacts("", 0, 0, "", True, 0, 0))


class Slowly:
    """Reads it, at most once a period."""

    def __init__(self, mill: Reading) -> None:
        self._mill = mill
        self._found, self._read_at = Slow(), -PERIOD
        self._failed: object = None

    async def look(self, workforce: Workforce, failed: int) -> Slow:
        """What is known.

        Args:
            failed: documents that failed; where it is another number than before, what they failed of is read at once.
        """
        now, transport = asyncio.get_running_loop().time(), self._mill.transport
        if failed != self._failed:
            self._found.dead = await read_dead_letters(self._mill, NEWEST, looked=COUNTED)
            self._failed = failed
        if now - self._read_at >= PERIOD:
            self._found.outlooks = await outlook_of(transport, workforce)
            self._found.before, self._found.window = await read_before(transport, workforce.snapshot.now)
            self._found.server = _facts(await transport.send(OverviewCalls(Keys()).server()))
            self._read_at = now
        return self._found


def _facts(told: dict[str, str]) -> ServerFacts:
    return ServerFacts(
        told.get("valkey_version") or told.get("redis_version", ""),
        int(told.get("used_memory", 0)),
        int(told.get("maxmemory", 0)),
        told.get("maxmemory_policy", ""),
        told.get("aof_enabled", "0") == "1",
        int(told.get("connected_clients", 0)),
        int(told.get("instantaneous_ops_per_sec", 0)),
    )
