"""Spans as OpenTelemetry sends them: OTLP over HTTP, in a thread of the SDK's, never in the way of the work."""

import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from opentelemetry import context as contexts
from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.id_generator import RandomIdGenerator

from orchestrator.ids import short_id
from orchestrator.tracing.spans import Span, Value
from orchestrator.tracing.traceparent import Lineage, Traceparent

DELAY = 1000.0
"""ms until a span is sent, at most: a slot that is killed loses what it has not sent. `OTEL_BSP_SCHEDULE_DELAY` may differ."""

_chosen: ContextVar[tuple[int, int] | None] = ContextVar("docmill_span_ids", default=None)


class _Ids(RandomIdGenerator):
    """Random ones, but for runs: theirs follow from the lease."""

    def generate_trace_id(self) -> int:
        chosen = _chosen.get()
        return chosen[0] if chosen else super().generate_trace_id()

    def generate_span_id(self) -> int:
        chosen = _chosen.get()
        return chosen[1] if chosen else super().generate_span_id()


@dataclass(frozen=True)
class Open:
    """A span that is open."""

    span: trace.Span

    def put(self, told: Mapping[str, Value]) -> None:
        """More of its attributes."""
        self.span.set_attributes(told)

    def failed(self, kind: str) -> None:
        """It failed."""
        self.span.set_status(trace.StatusCode.ERROR, kind)
        self.span.set_attribute("error.type", kind)


class Exporting:
    """Where the spans of one process go.

    Args:
        service: its name.
    """

    def __init__(self, service: str) -> None:
        told = {"service.name": os.environ.get("OTEL_SERVICE_NAME") or service, "service.version": version("docmill")}
        resource = Resource.create({**told, "service.instance.id": short_id()})
        self._provider = TracerProvider(resource=resource, id_generator=_Ids(), shutdown_on_exit=False)
        delay = float(os.environ.get("OTEL_BSP_SCHEDULE_DELAY") or DELAY)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(), schedule_delay_millis=delay))
        trace.set_tracer_provider(self._provider)  # what steps trace by themselves goes the same way
        self._tracer = self._provider.get_tracer("docmill", version("docmill"))

    def close(self) -> None:
        """Send what is left."""
        self._provider.shutdown()

    def span(self, name: str, kind: str, told: Mapping[str, Value]) -> AbstractContextManager[Span]:
        """A span inside the one that is open."""
        return self._inside(self._tracer.start_span(name, kind=_kind(kind), attributes=dict(told)))

    def run(
        self, name: str, line: Lineage, token: str, told: Mapping[str, Value], links: Sequence[Traceparent] = (),
        start: int | None = None,
    ) -> trace.Span:  # fmt: skip
        """Begin the span of a run.

        Args:
            links: beside that of its document.
            start: ns of the epoch; None is now.
        """
        parent = contexts.Context() if line.parent is None else _under(line.parent, contexts.Context())
        named = [trace.Link(_context(one)) for one in (line.link, *links) if one is not None]
        chosen = _chosen.set((line.trace, line.run(token)))
        try:
            return self._tracer.start_span(
                name, parent, trace.SpanKind.CONSUMER, dict(told), named, start_time=start, record_exception=False,
                set_status_on_exception=False,
            )  # fmt: skip
        finally:
            _chosen.reset(chosen)

    def within(self, begun: trace.Span) -> AbstractContextManager[object]:
        """What is traced inside belongs to that span, which stays open."""
        return trace.use_span(begun, record_exception=False, set_status_on_exception=False)

    @contextmanager
    def _inside(self, begun: trace.Span) -> Generator[Span]:
        told = Open(begun)
        with trace.use_span(begun, end_on_exit=True, record_exception=False, set_status_on_exception=False):
            try:
                yield told
            except BaseException as problem:
                told.failed(type(problem).__name__)
                raise


def _kind(name: str) -> trace.SpanKind:
    return trace.SpanKind[name.upper()]


def _under(given: Traceparent, base: Any) -> Any:
    return trace.set_span_in_context(trace.NonRecordingSpan(_context(given)), base)


def _context(given: Traceparent) -> trace.SpanContext:
    return trace.SpanContext(given.trace, given.span, is_remote=True, trace_flags=trace.TraceFlags(given.flags))
