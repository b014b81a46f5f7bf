"""What every route stands on, handed in by the framework."""

from typing import Annotated, Any

import msgspec
from fastapi import Depends, Request, Response

from api.inputs import Inputs
from orchestrator.client import Mill


async def _mill(request: Request) -> Mill:
    return request.app.state.mill


async def _inputs(request: Request) -> Inputs:
    return request.app.state.inputs


TheMill = Annotated[Mill, Depends(_mill)]
TheInputs = Annotated[Inputs, Depends(_inputs)]


def as_json(value: Any, status: int = 200, **headers: str) -> Response:
    """An answer; headers by keyword, `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(msgspec.json.encode(value), status, named, "application/json")
