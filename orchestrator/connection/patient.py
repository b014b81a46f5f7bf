"""The asyncio transport of a client: as patient as its user, for any number of waiters, and it follows the transitions."""

from collections.abc import Sequence
from typing import Any

from orchestrator.connection.asynchronous import Asynchronous
from orchestrator.connection.prompt import MOST_CONNECTIONS


class Patient(Asynchronous):
    """A pool of connections."""

    async def follow(self, stream: str, after: str, seconds: float, most: int) -> Sequence[tuple[str, Sequence[str]]]:
        """What was added to a stream: each entry's id and the names of its fields; blocks while there is nothing.

        Args:
            after: the last entry that is known.
            seconds: until it gives up, and answers with nothing.
            most: entries.

        Raises:
            Unreachable: nothing answered within `patience`.
        """
        block = max(1, int(seconds * 1000))
        found: Any = await self._patiently(lambda: self._redis.xread({stream: after}, count=most, block=block))
        entries: Any = found[0][1] if found else []
        return [(key.decode(), [name.decode() for name in fields]) for key, fields in entries]

    def _make(self, **moved_to: Any) -> Any:
        return super()._make(**moved_to, max_connections=MOST_CONNECTIONS)
