"""Measures every request, from outside of all else."""

from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from orchestrator.metrics.of_api import ApiMetrics

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
NO_ROUTE = "none"
"""Of requests that no route took: refused before, or to an address that is none."""
ABORTED = 499
"""Of requests that were not answered: whoever asked has gone."""


class Measuring:
    """Tells the process' metrics of each request.

    Args:
        metrics: of this process.
    """

    def __init__(self, app: ASGIApp, metrics: ApiMetrics) -> None:
        self._app, self._metrics = app, metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request on."""
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        began, status = self._metrics.begun(), ABORTED

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            return await self._app(scope, receive, sending)
        finally:
            method = scope["method"] if scope["method"] in METHODS else "other"
            self._metrics.ended(began, _template(scope), method, status)


def _template(scope: Scope) -> str:
    """`/v1/documents/{document}`: a route is known by its template, which the router leaves in the scope."""
    route: Any = scope.get("route")
    return getattr(route, "path", NO_ROUTE)
