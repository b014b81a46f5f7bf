"""What every route stands on, handed in by the framework."""

from typing import Annotated, Any

import msgspec
from fastapi import Depends, Path, Request, Response

from api.inputs import Inputs
from api.problems import Problem
from orchestrator.client import Mill
from orchestrator.errors import UsageError
from orchestrator.ids import checked_id


async def _mill(request: Request) -> Mill:
    return request.app.state.mill


async def _inputs(request: Request) -> Inputs:
    return request.app.state.inputs


async def _document(document: Annotated[str, Path(description="A document's id.")]) -> str:
    try:
        return checked_id(document)
    except UsageError as problem:
        raise Problem("unknown-document", f"{problem}: there can be none of that name") from None


DocumentId = Annotated[str, Depends(_document)]
TheMill = Annotated[Mill, Depends(_mill)]
TheInputs = Annotated[Inputs, Depends(_inputs)]


def as_json(value: Any, status: int = 200, **headers: str) -> Response:
    """An answer; headers by keyword, `_` for `-`."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Response(msgspec.json.encode(value), status, named, "application/json")
