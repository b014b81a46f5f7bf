"""A receiver of traces as any collector is: OTLP over HTTP, protobuf; what came is kept as plain values."""

import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
    ExportTraceServiceResponse,
)

from tests.support.workers import wait_until

KINDS = {1: "internal", 2: "server", 3: "client", 4: "producer", 5: "consumer"}


@dataclass(frozen=True)
class Span:
    """One span.

    Args:
        links: (trace, span) of each.
        start, end: seconds of the epoch.
    """

    service: str
    name: str
    kind: str
    trace: str
    id: str
    parent: str
    links: list[tuple[str, str]]
    told: Mapping[str, Any]
    error: str
    start: float
    end: float


@dataclass
class Collector:
    """What came."""

    url: str = ""
    spans: list[Span] = field(default_factory=list[Span])
    bodies: list[str] = field(default_factory=list[str])

    def of(self, name: str, **told: object) -> list[Span]:
        """The spans of that name, in the order in which they began; `told` by the attribute's last word."""
        found = [span for span in self.spans if span.name == name]
        wanted = [one for one in found if all(one.told.get(f"docmill.{key}") == value for key, value in told.items())]
        return sorted(wanted, key=lambda span: span.start)

    def wait_for(self, name: str, count: int = 1, **told: object) -> list[Span]:
        """Those, once there are so many."""
        wait_until(lambda: len(self.of(name, **told)) >= count, f"{count} spans {name}: {[s.name for s in self.spans]}")
        return self.of(name, **told)


@contextmanager
def collecting() -> Generator[Collector]:
    """A collector for as long as the block lasts."""
    collector = Collector()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            assert self.path == "/v1/traces" and self.headers["content-type"] == "application/x-protobuf"
            request = ExportTraceServiceRequest.FromString(_plain(body, self.headers.get("content-encoding", "")))
            collector.bodies.append(str(request))
            collector.spans += [
                _span(of, one) for of in request.resource_spans for part in of.scope_spans for one in part.spans
            ]
            answer = ExportTraceServiceResponse().SerializeToString()
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any, **__: Any) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        collector.url = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield collector
        finally:
            server.shutdown()
            thread.join()


def _plain(body: bytes, encoding: str) -> bytes:
    import gzip

    return gzip.decompress(body) if encoding == "gzip" else body


def _span(resource: Any, span: Any) -> Span:
    return Span(
        service=_values(resource.resource.attributes)["service.name"],
        name=span.name,
        kind=KINDS[span.kind],
        trace=span.trace_id.hex(),
        id=span.span_id.hex(),
        parent=span.parent_span_id.hex(),
        links=[(link.trace_id.hex(), link.span_id.hex()) for link in span.links],
        told=_values(span.attributes),
        error=span.status.message if span.status.code == 2 else "",
        start=span.start_time_unix_nano / 1e9,
        end=span.end_time_unix_nano / 1e9,
    )


def _values(pairs: Any) -> dict[str, Any]:
    return {pair.key: _value(pair.value) for pair in pairs}


def _value(value: Any) -> Any:
    found = getattr(value, value.WhichOneof("value"))
    return [_value(one) for one in found.values] if value.WhichOneof("value") == "array_value" else found
