"""The asyncio transport of a client: as patient as its user, for any number of waiters."""

from typing import Any

from orchestrator.connection.asynchronous import Asynchronous
from orchestrator.connection.prompt import MOST_CONNECTIONS


class Patient(Asynchronous):
    """A pool of connections."""

    def _make(self, **moved_to: Any) -> Any:
        return super()._make(**moved_to, max_connections=MOST_CONNECTIONS)
