"""See to it that what a document needs runs: Redis, the LLM server, a worker."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestrator.cli.output import notes
from orchestrator.errors import DocmillError

if TYPE_CHECKING:
    from orchestrator.client import Mill
    from orchestrator.embedded.parts import Parts
    from orchestrator.registry import Registry
    from orchestrator.settings import Settings

SHORTEST_LIFE = 10.0
"""Seconds: a worker that ends sooner is started once more; then its fault is shown."""
MOST_STARTS = 2
READY = 60.0
"""Seconds until a started worker must have announced itself."""
LOOK = 0.05


@dataclass
class Starter:
    """Starts what is not running, and again what dies while somebody waits for it."""

    parts: "Parts"
    registry: "Registry"
    settings: "Settings"
    """Resolved once `start` was called."""
    warnings: list[str] = field(default_factory=list[str])
    _worker_starts: list[float] = field(default_factory=list[float])

    @classmethod
    def prepare(cls) -> "Starter":
        """Read the settings and the pipelines; starts nothing.

        Raises:
            UsageError: the settings or a pipeline cannot be used.
        """
        from orchestrator.embedded.parts import Parts
        from orchestrator.registry import load_registry
        from orchestrator.settings import load_settings

        settings = load_settings()
        return cls(Parts(settings), load_registry(settings), settings)

    def start(self) -> None:
        """Redis and the LLM server.

        Raises:
            ServerError: the configured Redis cannot be used.
            MissingPart: an embedded part is not installed.
        """
        from orchestrator.connection import check_server
        from orchestrator.embedded.weights import weights_path

        self.parts.begin()
        redis_url = self.parts.ensure_redis()
        self.warnings = check_server(redis_url)
        if self.parts.will_start_llm(self.registry):
            first = not weights_path(self.parts.settings.data_dir).exists()
            once = ": its weights are downloaded once, 93 MB" if first else ""
            notes().print(f"[dim]starting the embedded LLM server{once}[/]")
        self.settings = self.parts.resolved(redis_url, self.parts.ensure_llm(self.registry))

    @asynccontextmanager
    async def mill(self) -> AsyncGenerator["Mill"]:
        """A mill, and a worker for it."""
        from orchestrator.client import Mill

        assert self.settings.redis_url is not None
        async with Mill(self.settings.redis_url, self.settings, self.registry) as mill:
            await self.ensure_worker(mill)
            yield mill

    async def ensure_worker(self, mill: "Mill") -> None:
        """Start a worker unless those that are alive, here or elsewhere, serve all that these pipelines need.

        Raises:
            NotStarted: the one that was started ended at once, and so did the next.
        """
        from orchestrator.cli.workers import live_workers, serve_all
        from orchestrator.embedded.parts import environment
        from orchestrator.errors import NotStarted

        program = self.parts.worker.program
        if program.is_running or serve_all(await live_workers(mill), self.registry):
            return
        now = time.monotonic()
        if self._worker_starts and now - self._worker_starts[-1] > SHORTEST_LIFE:
            self._worker_starts.clear()
        # Twice: the first may have met a Redis that had just died.
        if len(self._worker_starts) == MOST_STARTS:
            raise NotStarted(f"the worker ended as it started: {program.last_words()} (log: {program.log})")
        self.parts.worker.ensure(environment(self.settings))
        self._worker_starts.append(now)

    async def check(self, mill: "Mill") -> None:
        """See to it that all of it still runs.

        Raises:
            DocmillError: someone said `docmill down`.
        """
        if self.parts.were_stopped:
            raise DocmillError("docmill down was called; the documents wait, and go on after: docmill up")
        await asyncio.to_thread(self.parts.ensure_redis)
        await asyncio.to_thread(self.parts.ensure_llm, self.registry)
        await self.ensure_worker(mill)

    async def until_ready(self, mill: "Mill") -> None:
        """Until a worker has announced itself.

        Raises:
            NotStarted: it ended, or has not in time.
        """
        from orchestrator.cli.workers import live_workers
        from orchestrator.errors import NotStarted

        program, give_up = self.parts.worker.program, time.monotonic() + READY
        while not await live_workers(mill):
            if time.monotonic() > give_up:
                raise NotStarted(f"the worker has not announced itself after {READY:.0f} s (log: {program.log})")
            await self.ensure_worker(mill)
            await asyncio.sleep(LOOK)
