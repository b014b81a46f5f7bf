"""The mill that commands talk to: what is configured, or the private server, started where it does not run."""

from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from orchestrator.client import Mill


def reading() -> "AbstractAsyncContextManager[Mill]":
    """A mill to look at documents with: it loads no pipelines, so one that is broken hinders nobody from looking.

    Raises:
        ServerError: Redis cannot be used; the text names the URL and the fix.
    """
    return _connected(pipelines=False)


def submitting() -> "AbstractAsyncContextManager[Mill]":
    """A mill that knows the pipelines that the settings name.

    Raises:
        PipelineError: one of them cannot be loaded. ServerError: as `reading`.
    """
    return _connected(pipelines=True)


@asynccontextmanager
async def _connected(*, pipelines: bool) -> AsyncGenerator["Mill"]:
    from orchestrator.client import Mill
    from orchestrator.connection import check_server
    from orchestrator.embedded.valkey import ensure_valkey
    from orchestrator.registry import Registry, load_registry
    from orchestrator.settings import load_settings

    settings = load_settings()
    registry = load_registry(settings) if pipelines else Registry([])
    url = ensure_valkey(settings)
    check_server(url)
    async with Mill(url, settings, registry) as mill:
        yield mill
