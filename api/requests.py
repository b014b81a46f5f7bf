"""One line a request, and the name by which it is found: `X-Request-Id`. Its span is the framework's own."""

import re
import time
from collections.abc import MutableMapping
from typing import Any

from fastapi.telemetry import TelemetryConfig
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orchestrator.ids import short_id
from orchestrator.logs import about, logger
from orchestrator.tracing import carried

log = logger("api.requests")

NAME = re.compile(r"[\w.-]{1,64}", re.ASCII)
"""Of a request, where its sender gave it one."""
PROBES = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by machines: told at the level `debug` only."""
DOCUMENT = re.compile(r"/v1/(documents|batches)/([^/?]+)")
HEADER = b"x-request-id"


def _is_looking(scope: MutableMapping[str, Any]) -> bool:
    """Who looks, and looks again, is not part of a document's road: no span tells of it."""
    return scope.get("method") == "GET"


TRACED: TelemetryConfig = {
    "auto_configure": False,
    "operation_spans": False,
    "metrics": False,
    "logs": False,
    "exclude": _is_looking,
}
"""How the framework traces, in a process that does: a span a request, and nothing else."""


class Requests:
    """Around the application: names each request, tells of it once it was answered."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request = Request(scope, headers.get("x-request-id", ""))
        with about({"request": request.name}), carried(headers.get("traceparent", "")):
            await self._serve(request, scope, receive, send)

    async def _serve(self, request: "Request", scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], (HEADER, request.name.encode())]
                request.answered(message)
            await send(message)

        try:
            await self._app(scope, receive, sending)
        finally:
            request.tell()


class Request:
    """What is told of one request; neither its query, nor its sender's address, nor anything that it sent.

    Args:
        given: the name that its sender gave it; made where that is none.
    """

    def __init__(self, scope: Scope, given: str) -> None:
        self._scope, self.method, self.name = scope, scope["method"], given if NAME.fullmatch(given) else short_id()
        self._status, self._about = 0, DOCUMENT.match(scope["path"])
        self._began = time.perf_counter()

    def answered(self, start: Message) -> None:
        """Its answer begins."""
        self._status = start["status"]
        where = Headers(raw=start["headers"]).get("location", "")
        self._about = DOCUMENT.match(where) or self._about

    def tell(self) -> None:
        """It is over."""
        words = self._words()
        say = log.error if self._status >= 500 else log.debug if words["path"] in PROBES else log.info
        say("request", **words)

    def _words(self) -> dict[str, object]:
        words: dict[str, object] = {"method": self.method, "path": self._scope["path"], "status": self._status}
        access = self._scope.get("state", {}).get("access")
        if access is not None:
            words["tenant"] = access.tenant
        if self._about:
            words["document" if self._about[1] == "documents" else "batch"] = self._about[2]
        return words | {"seconds": round(time.perf_counter() - self._began, 4)}
