"""docmill itself: one worker with one cpu slot, documents submitted through its asyncio client."""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from benchmarks.board import VARIABLE
from benchmarks.measuring import Bench, Kind
from benchmarks.processes import Worker, running_worker
from orchestrator.client import Mill
from orchestrator.settings import Settings

T = TypeVar("T")
PIPELINES = ("benchmarks.pipelines:noop", "benchmarks.pipelines:chain", "benchmarks.pipelines:doze")
SLOTS = "cpu*1"


@dataclass(frozen=True)
class DocmillPeer:
    """docmill with its stock settings."""

    bench: Bench
    more: Mapping[str, str] = field(default_factory=dict[str, str])
    """Settings of its worker, as its environment has them."""

    def submit(self, kind: Kind, count: int) -> float:
        """Submit documents one by one; answers the seconds."""

        async def all_of_them(mill: Mill) -> float:
            begun = time.monotonic()
            for number in range(count):
                await mill.submit(kind, parameters(kind, f"{number:08d}"))
            return time.monotonic() - begun

        return self.with_mill(all_of_them)

    def with_mill(self, use: Callable[[Mill], Awaitable[T]]) -> T:
        """Connect, use the mill, close it: no connection of ours is in the server's memory when it is read."""

        async def connected() -> T:
            async with Mill.connect(self.bench.server.url, self._settings) as mill:
                return await use(mill)

        return asyncio.run(connected())

    def worker(self) -> AbstractContextManager[Worker]:
        """A worker with one slot."""
        environment = {
            "DOCMILL_REDIS_URL": self.bench.server.url,
            "DOCMILL_DATA_DIR": str(self._data),
            "DOCMILL_PIPELINES": ",".join(PIPELINES),
            "DOCMILL_SLOTS": SLOTS,
            VARIABLE: str(self.bench.board.path),
            **self.more,
        }
        return running_worker([sys.executable, "-m", "worker"], environment, self.bench.folder / "docmill.log")

    @property
    def _data(self) -> Path:
        return self.bench.folder / "data"

    @property
    def _settings(self) -> Settings:
        return Settings(redis_url=self.bench.server.url, data_dir=self._data, pipelines=PIPELINES, slots=SLOTS)


def parameters(kind: Kind, document: str) -> dict[str, Any]:
    """What a document of that kind is submitted with: about 30 bytes of JSON."""
    return {"document": document} if kind == "noop" else {"baton": {"document": document, "passed": 0}}
