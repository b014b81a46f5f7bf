"""Spans, for all who tell of their work: silent and free where nobody traces."""

import os
import sys
from collections.abc import Generator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from typing import TYPE_CHECKING, Protocol

from orchestrator.logs import logger
from orchestrator.tracing.traceparent import Traceparent

if TYPE_CHECKING:
    from orchestrator.tracing.exporting import Exporting

log = logger(__name__)

Value = str | int | float | bool | Sequence[str]
ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
"""OpenTelemetry's own settings: where spans go. Without one there are none."""

_carried: ContextVar[str] = ContextVar("docmill_traceparent", default="")


class Span(Protocol):
    """What is told of a piece of work while it goes on."""

    def put(self, told: Mapping[str, Value]) -> None:
        """More of its attributes."""
        ...

    def failed(self, kind: str) -> None:
        """It failed, of an error of that class; texts of errors stay out, as they may quote a document."""
        ...


class Silent:
    """A span that nobody records."""

    def put(self, told: Mapping[str, Value]) -> None:
        """Nothing."""

    def failed(self, kind: str) -> None:
        """Nothing."""


class _Process:
    """How this process traces."""

    exporting: "Exporting | None" = None


SILENT = Silent()


def begin(service: str) -> None:
    """Trace from now on, where OpenTelemetry's environment says where to.

    Args:
        service: what this process is, unless `OTEL_SERVICE_NAME` says.
    """
    if not any(os.environ.get(name) for name in ENDPOINTS) or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return
    try:
        from orchestrator.tracing.exporting import Exporting
    except ImportError:
        log.warning("no traces: OpenTelemetry is not installed", fix="pip install 'docmill[otel]'")
        return
    _Process.exporting = Exporting(service)


def end() -> None:
    """Send what is left, and trace no more."""
    if _Process.exporting is not None:
        _Process.exporting.close()
        _Process.exporting = None


def is_on() -> bool:
    """Whether this process traces."""
    return _Process.exporting is not None


def exporting() -> "Exporting | None":
    """Where this process' spans go; None where it does not trace."""
    return _Process.exporting


def span(name: str, kind: str = "internal", told: Mapping[str, Value] | None = None) -> AbstractContextManager[Span]:
    """A span around some work, inside the one that is open.

    Args:
        kind: internal, client (it asks another program), server, producer, consumer.
        told: its attributes.
    """
    if _Process.exporting is None:
        return nullcontext(SILENT)
    return _Process.exporting.span(name, kind, told or {})


@contextmanager
def carried(header: str) -> Generator[None]:
    """What is submitted inside belongs to the trace that a request's header names, also where this process does not trace."""
    given = Traceparent.read(header)
    token = _carried.set(str(given) if given else "")
    try:
        yield
    finally:
        _carried.reset(token)


def current() -> str:
    """The traceparent of the span that is open here, docmill's or the program's own; empty where there is none."""
    api = sys.modules.get("opentelemetry.trace")  # a program that has a span has imported it
    found = api.get_current_span().get_span_context() if api is not None else None
    if found is None or not found.is_valid:
        return _carried.get()
    return str(Traceparent(found.trace_id, found.span_id, found.trace_flags & 1))
