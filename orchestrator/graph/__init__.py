"""Steps and pipelines: defined in ordinary Python, recorded once, compiled to flat fields that Lua can follow."""

from orchestrator.graph.caching import Cache
from orchestrator.graph.failing import Partial
from orchestrator.graph.limits import Batch, Concurrency
from orchestrator.graph.pipeline import Pipeline, pipeline
from orchestrator.graph.step import Step, step

__all__ = ["Batch", "Cache", "Concurrency", "Partial", "Pipeline", "Step", "pipeline", "step"]
