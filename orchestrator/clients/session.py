"""What a client holds: its settings, the pipelines that it knows, and a mill once it is connected."""

import asyncio

from orchestrator.client import Mill
from orchestrator.clients.pipelines import Pipelines
from orchestrator.connection import check_server
from orchestrator.connection.patient import Patient
from orchestrator.graph import Pipeline
from orchestrator.settings import Settings, load_settings

PATIENCE = 10.0
"""Seconds: longer than a restart of Redis, or a failover, usually takes."""


class Session:
    """Connects with the first use.

    Args:
        url: where Redis is; None is as the settings say.
        settings: None reads the environment.
        patience: seconds for which each call keeps trying while nothing answers.
    """

    def __init__(self, url: str | None, settings: Settings | None, patience: float) -> None:
        self._url, self._settings, self._patience = url, settings, patience
        self._lock = asyncio.Lock()
        self._mill: Mill | None = None
        self._pipelines = Pipelines()

    async def connect(self) -> Mill:
        """The mill; connected once, also where many ask for it at the same time.

        Raises:
            ServerError: Redis cannot be used. UsageError: the settings cannot. MissingPart: nothing is configured, and the
                private server is not installed.
        """
        async with self._lock:
            if self._mill is None:
                settings = self._settings or await asyncio.to_thread(load_settings)
                url = await asyncio.to_thread(_checked_url, self._url, settings)
                self._pipelines.settings = settings
                mill = Mill(url, settings, self._pipelines)
                mill.transport = Patient(url, self._patience)
                self._mill = mill
            return self._mill

    async def close(self) -> None:
        """End the connections."""
        mill, self._mill = self._mill, None
        if mill is not None:
            await mill.close()

    async def named(self, pipeline: str | Pipeline) -> str:
        """What the mill's registry calls a pipeline; imports those of the settings where it is one of them.

        Raises:
            NotFound: there is none of that name. UsageError: it is neither a pipeline nor a name.
        """
        await self.connect()
        return await asyncio.to_thread(self._pipelines.hand, pipeline)

    def forget(self) -> object:
        """In the child of a fork the connections are the parent's: returned, to be kept and never touched."""
        parents = self._mill
        self._lock, self._mill = asyncio.Lock(), None
        return parents


def _checked_url(url: str | None, settings: Settings) -> str:
    chosen = url or settings.redis_url
    if chosen is None:
        from orchestrator.embedded.valkey import ensure_valkey  # an optional part, not needed where Redis is named

        chosen = ensure_valkey(settings)
    check_server(chosen)
    return chosen
