"""The duties, in a thread of their own: a slow blob store must not keep the supervisor from renewing."""

import asyncio
import threading
from types import TracebackType

from orchestrator.blobs import Blobs
from orchestrator.connection import Asynchronous
from orchestrator.duties import Duties
from orchestrator.registry import Registry
from orchestrator.settings import Settings


class DutyThread:
    """Runs the same duties as the API does, as long as the block lasts."""

    def __init__(self, redis_url: str, settings: Settings, registry: Registry) -> None:
        self._url, self._settings, self._registry = redis_url, settings, registry
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="duties", daemon=True)

    def __enter__(self) -> None:
        self._thread.start()

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(timeout=5)

    def _run(self) -> None:
        self._loop.run_until_complete(self._work())

    async def _work(self) -> None:
        transport = Asynchronous(self._url)
        duties = Duties(transport, Blobs(self._settings.blobs), self._registry)
        duties.start()
        await self._stop.wait()
        await duties.stop()
        await transport.close()
