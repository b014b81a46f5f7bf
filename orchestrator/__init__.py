"""docmill: multi-step AI work over documents, orchestrated in Redis.

What a user's own module needs is here; everything else has its home in the module that its name says.
"""

from orchestrator.context import Context
from orchestrator.errors import Fatal, Retry, SoftLimit, Unavailable
from orchestrator.forms import Currency, Iban, Identifier, form
from orchestrator.graph import Batch, Partial, Pipeline, Step, pipeline, step
from orchestrator.graph.pipeline import Finished
from orchestrator.lanes import lane
from orchestrator.models import model

__all__ = [
    "Batch",
    "Context",
    "Currency",
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
