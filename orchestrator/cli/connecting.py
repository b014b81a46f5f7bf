"""The mill that commands talk to: what is configured, or the private server, started where it does not run."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestrator.client import Mill


@asynccontextmanager
async def reading() -> AsyncGenerator["Mill"]:
    """A mill to look at documents with: it loads no pipelines, so one that is broken hinders nobody from looking.

    Raises:
        ServerError: Redis cannot be used; the text names the URL and the fix.
    """
    from orchestrator.client import Mill
    from orchestrator.connection import check_server
    from orchestrator.embedded.valkey import ensure_valkey
    from orchestrator.registry import Registry
    from orchestrator.settings import load_settings

    settings = load_settings()
    url = ensure_valkey(settings)
    check_server(url)
    async with Mill(url, settings, Registry([])) as mill:
        yield mill
