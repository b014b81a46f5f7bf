"""Traces: a document's road through submit, steps, models and stores, as OpenTelemetry has it (extra `otel`).

Nothing is imported and nothing is paid where the extra is not installed, or no `OTEL_EXPORTER_OTLP_ENDPOINT` is named.
`traceparent` is the arithmetic: which trace and which span a run belongs to, worked out from what everybody knows; `spans`
is what the rest of docmill uses; `exporting` alone imports OpenTelemetry.
"""

from orchestrator.tracing.spans import begin, carried, current, end, is_on, span
from orchestrator.tracing.traceparent import Traceparent

__all__ = ["Traceparent", "begin", "carried", "current", "end", "is_on", "span"]
