"""A process that keeps schedules, as workers and APIs do: `python -m tests.support.ticking URL`, until it is ended."""

import asyncio
import sys
from pathlib import Path

from orchestrator.blobs import Blobs
from orchestrator.connection import Asynchronous
from orchestrator.duties import Duties
from orchestrator.registry import Registry
from orchestrator.settings import Settings
from tests.support.pipelines import chain


async def main(url: str) -> None:
    """Run the duties."""
    settings = Settings(redis_url=url, data_dir=Path("unused"))
    duties = Duties(Asynchronous(url), Blobs(settings.blobs), Registry([chain]))
    duties.start()
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
