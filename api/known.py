"""Parameters of an address that nobody reads are refused: a word written wrong would do nothing, and nobody would know."""

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.utils import get_flat_params
from fastapi.params import Query
from fastapi.routing import APIRoute

from api.problems import invalid
from api.schemas import Fault


class KnownRoute(APIRoute):
    """A route that knows its parameters: those that the framework reads, and those that its description names."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The framework's, after a look at the address."""
        handle, known = super().get_route_handler(), _parameters(self)

        async def known_only(request: Request) -> Response:
            if request.scope["query_string"]:
                _refuse_others(request, known)
            return await handle(request)

        return known_only


def _parameters(route: APIRoute) -> list[str]:
    read = [field.alias for field in get_flat_params(route.dependant) if isinstance(field.field_info, Query)]
    described: list[dict[str, Any]] = (route.openapi_extra or {}).get("parameters", [])
    return sorted({*read, *(one["name"] for one in described if one["in"] == "query")})


def _refuse_others(request: Request, known: list[str]) -> None:
    others = [name for name in dict.fromkeys(request.query_params) if name not in known]
    if others:
        told = f"it may be one of {', '.join(known)}" if known else "none is read here"
        raise invalid([Fault(f"there is no such parameter: {told}", parameter=name) for name in others])
