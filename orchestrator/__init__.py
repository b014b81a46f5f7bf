"""docmill: multi-step AI work over documents, orchestrated in Redis.

What a user's own module needs is here; everything else has its home in the module that its name says.
"""

from typing import TYPE_CHECKING, Any

from orchestrator.batches.views import EndedBatch
from orchestrator.context import Context
from orchestrator.errors import Fatal, Retry, SoftLimit, Unavailable
from orchestrator.forms import Currency, Iban, Identifier, form
from orchestrator.graph import Batch, Cache, Concurrency, Partial, Pipeline, Step, pipeline, step
from orchestrator.graph.pipeline import Finished
from orchestrator.lanes import lane
from orchestrator.models import model

if TYPE_CHECKING:
    from orchestrator.clients import AsyncClient, Client

__all__ = [
    "AsyncClient",
    "Batch",
    "Cache",
    "Client",
    "Concurrency",
    "Context",
    "Currency",
    "EndedBatch",
    "Fatal",
    "Finished",
    "Iban",
    "Identifier",
    "Partial",
    "Pipeline",
    "Retry",
    "SoftLimit",
    "Step",
    "Unavailable",
    "form",
    "lane",
    "model",
    "pipeline",
    "step",
]


def __getattr__(name: str) -> Any:
    """The clients, imported with their first use: a module of pipelines needs no connection."""
    if name in {"AsyncClient", "Client"}:
        from orchestrator import clients

        return getattr(clients, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
