"""The mill as a client sees it: submit, get, wait, steer. The API and the command line stand on it."""

from typing import Self

from orchestrator.connection import check_server
from orchestrator.registry import Registry, load_registry
from orchestrator.removing import Removing
from orchestrator.scheduling import Scheduling
from orchestrator.settings import Settings


class Mill(Removing, Scheduling):
    """A connection to docmill.

    Args:
        redis_url: where the state is.
        settings: the rest.
    """

    def __init__(self, redis_url: str, settings: Settings, registry: Registry | None = None) -> None:
        super().__init__(redis_url, settings)
        self.registry = registry or load_registry(settings)

    @classmethod
    def connect(cls, redis_url: str, settings: Settings) -> Self:
        """Check the server, then connect.

        Raises:
            ServerError: it cannot be used; the text says why and what to do.
        """
        check_server(redis_url)
        return cls(redis_url, settings)

    async def close(self) -> None:
        """End the connections."""
        await self.transport.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
